// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/**
 * Reads one secret string of AWS Secrets Manager. The only class that touches the AWS SDK, so the
 * SDK is loaded by those alone who configure it.
 *
 * <p>Stateless, thus safe for use by several threads.
 */
final class AwsSecretString {
  /** Over all attempts of the SDK. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What AWS answers to credentials that it does not take, whatever they may do. */
  private static final Set<String> NOT_KNOWN =
      Set.of(
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "UnrecognizedClientException");

  private AwsSecretString() {}

  /** With the credentials that AWS's own configuration gives. */
  static String read(SecretReference.AwsSecret reference) {
    return read(reference, DefaultCredentialsProvider.builder().build());
  }

  static String read(SecretReference.AwsSecret reference, AwsCredentialsProvider credentials) {
    SecretsManagerClientBuilder builder =
        SecretsManagerClient.builder()
            .region(region(reference))
            .credentialsProvider(credentials)
            .overrideConfiguration(c -> c.apiCallTimeout(PATIENCE))
            .httpClientBuilder(UrlConnectionHttpClient.builder());
    reference.endpoint().ifPresent(builder::endpointOverride);
    checkCredentials(reference, credentials);
    try (SecretsManagerClient client = builder.build()) {
      String text = client.getSecretValue(r -> r.secretId(reference.id())).secretString();
      if (text == null) {
        throw fault(reference, "holds binary data, and a text is needed");
      }
      return keyOf(reference, text);
    } catch (ResourceNotFoundException e) {
      throw fault(reference, "does not exist in this region (or has no current value)");
    } catch (SecretsManagerException e) {
      throw refused(reference, e);
    } catch (SdkClientException e) {
      throw new ConnectorException(
          ErrorCode.UNAVAILABLE, message(reference, "AWS cannot be reached: " + e.getMessage()), e);
    }
  }

  private static Region region(SecretReference.AwsSecret reference) {
    if (reference.region().isPresent()) {
      return Region.of(reference.region().get());
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw fault(reference, "no AWS region is configured; set source.auth.aws_secret.region");
    }
  }

  private static void checkCredentials(
      SecretReference.AwsSecret reference, AwsCredentialsProvider credentials) {
    try {
      credentials.resolveCredentials();
    } catch (SdkClientException e) {
      throw new ConnectorException(
          ErrorCode.CONFIGURATION,
          message(
              reference,
              "no AWS credentials are found; give the process a role, or AWS_ACCESS_KEY_ID and"
                  + " AWS_SECRET_ACCESS_KEY; --log-level debug says where was looked"),
          e);
    }
  }

  private static String keyOf(SecretReference.AwsSecret reference, String text) {
    JsonNode object;
    try {
      object = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      return text;
    }
    if (object == null || !object.isObject()) {
      return text;
    }
    JsonNode value = object.get(reference.key());
    if (value == null || !value.isTextual()) {
      throw fault(
          reference,
          "has no text under the key '" + reference.key() + "'; set source.auth.aws_secret.key");
    }
    return value.asText();
  }

  private static ConnectorException refused(
      SecretReference.AwsSecret reference, SecretsManagerException e) {
    // The error code, not the message: AWS's text may repeat what it was sent.
    String name = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
    String answer = "AWS answered " + e.statusCode() + " " + name;
    if (e.isThrottlingException() || e.statusCode() >= 500) {
      return new ConnectorException(
          ErrorCode.UNAVAILABLE, message(reference, answer + "; try again later"), e);
    }
    if (e.statusCode() == 403 || "AccessDeniedException".equals(name)) {
      return new ConnectorException(
          ErrorCode.UNAUTHORIZED,
          message(
              reference, answer + "; its policy must allow secretsmanager:GetSecretValue to you"),
          e);
    }
    if (NOT_KNOWN.contains(name)) {
      return new ConnectorException(
          ErrorCode.UNAUTHORIZED,
          message(reference, answer + "; the AWS credentials have expired or are not valid"),
          e);
    }
    return new ConnectorException(ErrorCode.CONFIGURATION, message(reference, answer), e);
  }

  private static ConnectorException fault(SecretReference.AwsSecret reference, String reason) {
    return ConnectorException.configuration(message(reference, reason));
  }

  private static String message(SecretReference.AwsSecret reference, String reason) {
    return "source.auth.aws_secret: '" + reference.id() + "': " + reason;
  }
}
