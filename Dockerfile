FROM node:22-bookworm AS build
# better-sqlite3 is compiled where its prebuilt binary cannot be downloaded.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
# What backup and restore of a server database are made with.
RUN apt-get update \
  && apt-get install -y --no-install-recommends mariadb-client \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json /app/config.yaml ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/examples ./examples
COPY --from=build /app/dist/domain ./dist/domain
COPY --from=build /app/dist/application ./dist/application
COPY --from=build /app/dist/adapters ./dist/adapters
COPY --from=build /app/dist/composition ./dist/composition
# A new volume takes over the owner of the folder it covers.
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 25001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || process.env.BACKEND_PORT || 25001}/health`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, so that SIGTERM reaches the server.
CMD ["node", "--max-semi-space-size=64", "dist/composition/main.js"]
