# One image for every service: what differs is the file that Node runs. There is no build: Node strips the types.
ARG NODE=node:26-bookworm-slim

# The manifests alone, so that a change of the sources does not install again.
FROM ${NODE} AS manifests
WORKDIR /app
COPY . .
RUN find packages services -type f ! -name package.json -delete

FROM ${NODE} AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM ${NODE}
ENV NODE_ENV=production \
    # Of the container's memory; the rest is for what is held outside of the heap, buffers, code and the young generation.
    NODE_OPTIONS="--max-old-space-size-percentage=50 --max-semi-space-size=16" \
    # The C library gives what is freed back to the system, instead of keeping it, in an arena for each thread.
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=dependencies /app ./
COPY . .
# The embedded product's data: a named volume mounted here takes over the owner.
RUN install -d -o node -g node /data
USER node
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["services/standalone/src/main.ts", "--host", "0.0.0.0", "--data-dir", "/data"]
