// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An S3 endpoint over a directory, with one bucket. */
public final class S3Server implements AutoCloseable {
  private static final String BUCKET = "lakehouse";
  private static final String ACCESS_KEY = "integration-test";
  private static final String SECRET_KEY = "integration-secret";

  private final int port;
  private final ServerProcess process;

  private S3Server(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  public static S3Server start(Path directory) {
    int port = ServerProcess.freePort();
    try {
      Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
      Path configuration = directory.resolve("s3proxy.conf");
      Files.writeString(
          configuration,
          String.join(
              "\n",
              "s3proxy.endpoint=http://127.0.0.1:" + port,
              "s3proxy.authorization=aws-v2-or-v4",
              "s3proxy.identity=" + ACCESS_KEY,
              "s3proxy.credential=" + SECRET_KEY,
              "jclouds.provider=filesystem-nio2",
              "jclouds.filesystem.basedir=" + directory.resolve("s3")));
      List<String> command =
          ServerProcess.java(Path.of(System.getProperty("java.home")), "s3proxy", List.of());
      command.addAll(List.of("--properties", configuration.toString()));
      return new S3Server(port, ServerProcess.start("s3proxy", command, Map.of(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String warehouse(String name) {
    return "s3://" + BUCKET + "/" + name;
  }

  /** Iceberg's catalog properties for tables there. */
  public Map<String, String> properties() {
    return Map.of(
        "io-impl",
        "org.apache.iceberg.aws.s3.S3FileIO",
        "s3.endpoint",
        "http://127.0.0.1:" + port,
        "s3.path-style-access",
        "true",
        "s3.access-key-id",
        ACCESS_KEY,
        "s3.secret-access-key",
        SECRET_KEY,
        "client.region",
        "us-east-1");
  }

  @Override
  public void close() {
    process.close();
  }
}
