# docker build -t scission .
# README.md says how to run it; scripts/fresh_root does these steps where there is no container engine.
FROM debian:12-slim AS build
# Another architecture than this machine's: the package is cross-built for it (make package ARCH=...).
ARG ARCH=
WORKDIR /scission
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup scripts/debian_mirror scripts/
RUN scripts/setup package $ARCH
COPY . .
RUN scripts/package --here $ARCH

FROM debian:12-slim
COPY --from=build /scission/build/*.deb /tmp/
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
      /tmp/scission_*.deb gnuplot-nox graphviz fonts-dejavu-core \
    && rm -rf /tmp/*.deb /var/lib/apt/lists/* \
    && useradd --create-home scission \
    && install -d -o scission -g scission /results
# Fonts are looked up in caches, which the user given with --user can write only here.
ENV XDG_CACHE_HOME=/tmp
USER scission
WORKDIR /results
ENTRYPOINT ["scission"]
