/** So many images of a service are kept: every release that a rollback, or a peer that lags behind, may ask for. */
const KEPT_RELEASES = 200;
const UNTAGGED_DAYS = 14;

/** ECR's lifecycle policy of a repository. Rules are read by priority, the lowest number first. Pure. */
export const lifecyclePolicy = (): string =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: "What no tag names any more",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: UNTAGGED_DAYS,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: "Releases beyond the newest",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["*"],
          countType: "imageCountMoreThan",
          countNumber: KEPT_RELEASES,
        },
        action: { type: "expire" },
      },
    ],
  });
