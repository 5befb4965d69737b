# collector and tracequery in an image, for hosts on which nothing is to be installed.
#
#   script/package && docker build --tag kernel-footprint --file Dockerfile .build/package
#
# What it records is the host's: it needs the host's tracefs, processes, network and engine, so the image keeps
# nothing out. Whoever may start it so is root on the host. The version of a runtime that is a program of the host
# (runsc) is not known in it.
#
#   docker run --rm --privileged --pid host --network host --cgroupns host \
#     --volume /sys/kernel/tracing:/sys/kernel/tracing --volume /var/run/docker.sock:/var/run/docker.sock \
#     --volume "$PWD":/data kernel-footprint run runc redis-server
#
# tracequery needs none of that:
#
#   docker run --rm --volume "$PWD":/data --entrypoint tracequery kernel-footprint diff runc runsc
ARG BASE=debian:bookworm-slim
FROM $BASE
COPY kernel-footprint_*.deb /tmp/
# The engine's client alone, where Debian has it as a package of its own.
RUN apt-get update \
  && client=docker-cli && { apt-cache show $client >/dev/null 2>&1 || client=docker.io; } \
  && apt-get install -y --no-install-recommends /tmp/kernel-footprint_*.deb $client \
  && rm -rf /tmp/kernel-footprint_*.deb /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
WORKDIR /data
ENTRYPOINT ["collector"]
CMD ["--help"]
