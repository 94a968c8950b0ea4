/** Calls that no record holds, each with the reason: said in every report, so that its list claims no more than it has. */
export const notListed: readonly string[] = [
  "S3: the calls that copy the record to the evidence buckets while it is written. Each line that told of one would have to be copied by another, without an end. What came of them is told under “The copies”.",
  "S3: the looks for a signed approval in the evidence buckets while the run waits for one, for the same reason. The approval that was taken or refused stands under “Approvals and consents”.",
  "STS, Secrets Manager and S3: what the command asked before there was an execution to record it: who acts, the operator's logins, records that another machine began.",
  "A call under way when its runner was killed. The step that made it is told as cut off, and the next run asked what had become of it before it did anything.",
];
