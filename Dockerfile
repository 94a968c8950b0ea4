# One image for every service of services/catalogue.ts; which of them it is, its Deployment's args say. Nothing is built:
# Node strips the types. It is built by BuildKit, from the repository's root: see docs/operations.md.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-slim AS packages
WORKDIR /castle
# Manifests alone: what npm installs is then made anew only when they change.
COPY package.json package-lock.json ./
COPY services/package.json services/
COPY regions/package.json regions/
# No package of the services needs a script to install it.
RUN npm ci --omit=dev --workspace services --ignore-scripts --no-audit --no-fund

FROM node:${NODE_VERSION}-slim
ENV NODE_ENV=production
WORKDIR /castle
# The sha256 of the bundle whoever builds has looked at. There is none to fall back on: without it the build fails.
ARG RDS_CA_SHA256
ADD --checksum=sha256:${RDS_CA_SHA256} --chmod=0444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/castle/rds-ca.pem
# npm's links lead to ../../services and ../../regions, outside node_modules: Node strips no types inside it.
COPY --from=packages /castle/node_modules node_modules/
COPY regions regions/
COPY services services/
# By number: Kubernetes cannot tell of a name whether it is root's. Files are root's, so that a service cannot write them.
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["node"]
