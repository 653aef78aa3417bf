# The image of Rumor: what `mvn package` has built, on a Java 25 runtime. Any builder will do, the legacy one too.
#
#   docker build -t rumor .
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre
FROM ${RUNTIME_IMAGE}

COPY rumor /opt/rumor/
COPY daemon/target/lib/ /opt/rumor/lib/
COPY daemon/target/rumor.jar /opt/rumor/
# 65532 is nobody in particular. Where nothing is mounted on /data, the volume is made with this owner.
RUN ln -s /opt/rumor/rumor /usr/local/bin/rumor \
    && RUMOR_JAVA_OPTS=-XX:AOTCacheOutput=/opt/rumor/rumor.aot rumor rehearse \
    && install -d -o 65532 -g 65532 /data

USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 7400 7500
ENV RUMOR_LISTEN=0.0.0.0:7400 RUMOR_HTTP=0.0.0.0:7500 RUMOR_DATA_DIR=/data
# By bash, because not every base has curl; `rumor status` would start a JVM for each look.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${RUMOR_HTTP##*:} && printf 'GET /live HTTP/1.0\\r\\n\\r\\n' >&3 \
    && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["rumor"]
CMD ["daemon"]
