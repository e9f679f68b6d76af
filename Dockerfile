# syntax=docker/dockerfile:1
# Two images from one file: `broker`, and `console` for the static pages of the technicians. Every step that builds calls the same make
# target as a developer and the CI; tests/test_image_steps.py runs them in a clean directory where there is no container engine.

# ---- what the steps need -------------------------------------------------------------------------------------------------------
FROM python:3.11-slim-bookworm AS base
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .

# ---- the broker's environment: its own lock, nothing of a host, of Node or of the tests --------------------------------------------
FROM base AS broker-build
RUN make image-python PREFIX=/opt/chaperone SET=broker

# ---- the console's pages and the environment of their server ---------------------------------------------------------------------
FROM base AS console-build
RUN make console
RUN make image-python PREFIX=/opt/chaperone SET=console

# ---- what both images share: a person without a password, a place for state, a root that may be read-only ------------------------
FROM python:3.11-slim-bookworm AS runtime
RUN groupadd --system --gid 10001 chaperone \
    && useradd --system --uid 10001 --gid chaperone --no-create-home --shell /usr/sbin/nologin chaperone \
    && install -d -o chaperone -g chaperone -m 0700 /var/lib/chaperone
ENV PATH=/opt/chaperone/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /var/lib/chaperone
USER 10001:10001

FROM runtime AS console
COPY --from=console-build /opt/chaperone /opt/chaperone
EXPOSE 8444
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["chaperone-console", "health"]
ENTRYPOINT ["chaperone-console"]
CMD ["serve"]

# The last stage is what a plain `docker build .` gives.
FROM runtime AS broker
COPY --from=broker-build /opt/chaperone /opt/chaperone
VOLUME /var/lib/chaperone
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["chaperone-broker", "health"]
ENTRYPOINT ["chaperone-broker"]
CMD ["serve"]
