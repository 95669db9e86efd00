# pgcanon with the clients of PostgreSQL, for postgres:// and archives.
#
#   docker build -t pgcanon .
#   docker run --rm -v "$PWD:/work" pgcanon diff schema.sql live.sql
FROM rust:1.95-slim-trixie AS build
# Versions are those of the Debian release of the base image.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev make libclang-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin pgcanon

FROM debian:trixie-slim
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 pgcanon \
 && git config --system --add safe.directory /work
COPY --from=build /src/target/release/pgcanon /usr/local/bin/pgcanon
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["pgcanon"]
CMD ["--help"]
