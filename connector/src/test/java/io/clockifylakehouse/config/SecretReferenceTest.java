// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class SecretReferenceTest {
  private static final AwsCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDTEST", "aws-secret-test"));

  @TempDir private Path directory;
  private HttpServer aws;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String answer = "{}";

  @BeforeEach
  void startAws() throws IOException {
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + " " + body);
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    aws.start();
  }

  @AfterEach
  void stopAws() {
    aws.stop(0);
  }

  private SecretReference.AwsSecret reference() {
    return new SecretReference.AwsSecret(
        "prod/clockify",
        "api_key",
        Optional.of("eu-central-1"),
        Optional.of(URI.create("http://127.0.0.1:" + aws.getAddress().getPort())));
  }

  private void holds(String secretString) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode json =
        mapper.createObjectNode().put("Name", "prod/clockify").put("SecretString", secretString);
    answer = mapper.writeValueAsString(json);
  }

  @Test
  void readsTheKeyOfAJsonSecret() throws IOException {
    holds("{\"api_key\": \"from-aws\", \"other\": 1}");
    assertThat(AwsSecretString.read(reference(), CREDENTIALS)).isEqualTo("from-aws");
    assertThat(asked)
        .containsExactly("secretsmanager.GetSecretValue {\"SecretId\":\"prod/clockify\"}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', textBlock = "plain-key\n12345\n\"quoted\"")
  void takesASecretThatIsNoObjectWhole(String text) throws IOException {
    holds(text);
    assertThat(AwsSecretString.read(reference(), CREDENTIALS)).isEqualTo(text);
  }

  @Test
  void namesTheKeyThatIsMissingAndNoOtherValue() throws IOException {
    holds("{\"key\": \"s3cr3t\"}");
    assertThatThrownBy(() -> AwsSecretString.read(reference(), CREDENTIALS))
        .hasMessage(
            "source.auth.aws_secret: 'prod/clockify': has no text under the key 'api_key';"
                + " set source.auth.aws_secret.key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          400; ResourceNotFoundException;  CONFIGURATION; does not exist in this region
          400; AccessDeniedException;      UNAUTHORIZED;  must allow secretsmanager:GetSecretValue
          400; InvalidRequestException;    CONFIGURATION; AWS answered 400 InvalidRequestException
          400; UnrecognizedClientException; CONFIGURATION; AWS answered 400 UnrecognizedClientException
          400; ThrottlingException;        UNAVAILABLE;   AWS answered 400 ThrottlingException
          500; InternalServiceError;       UNAVAILABLE;   AWS answered 500 InternalServiceError
          """)
  void saysWhyAwsRefuses(int code, String type, ErrorCode expected, String words) {
    status = code;
    answer = "{\"__type\":\"" + type + "\",\"Message\":\"arn aws-secret-test\"}";
    assertThatThrownBy(() -> AwsSecretString.read(reference(), CREDENTIALS))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(expected))
        .hasMessageStartingWith("source.auth.aws_secret: 'prod/clockify': ")
        .hasMessageContaining(words)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("aws-secret-test"));
  }

  @Test
  void anUnreachableAwsIsForAnotherTime() {
    SecretReference.AwsSecret reference = reference();
    aws.stop(0);
    assertThatThrownBy(() -> AwsSecretString.read(reference, CREDENTIALS))
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  @Test
  void aFileHoldsTheKeyAndPerhapsALineBreak() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "of-a-file\r\n\n");
    assertThat(new SecretReference.File(file).resolve().reveal()).isEqualTo("of-a-file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock = "'';is empty\n' ';is empty\n'a b';is no key\n'ä';is no key")
  void aFileWithoutAKeyIsRefused(String content, String words) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), content);
    assertThatThrownBy(() -> new SecretReference.File(file).resolve())
        .hasMessageStartingWith("source.auth.file: " + file + ": ")
        .hasMessageContaining(words);
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> new SecretReference.File(directory.resolve("no")).resolve())
        .isInstanceOfSatisfying(
            ConnectorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining(directory.resolve("no") + "': there is no such file");
  }

  @Test
  void aSecretIsNeverShown() {
    Secret secret = new Secret("s3cr3t");
    assertThat(secret).hasToString("***");
    assertThat(new SecretReference.Value(secret).toString()).doesNotContain("s3cr3t");
  }

  @Test
  void theLongestSecretIsMaskedFirst() {
    Redaction redaction = new Redaction();
    redaction.add("abcd");
    redaction.add("abcdef");
    redaction.add("xyz");
    assertThat(redaction.mask("abcdef abcd xyz")).isEqualTo("*** *** xyz");
  }
}
