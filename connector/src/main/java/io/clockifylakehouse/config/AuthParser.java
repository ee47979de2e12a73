// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.config.SourceConfiguration.Auth;
import io.clockifylakehouse.config.SourceConfiguration.AuthType;
import io.clockifylakehouse.document.Document;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code source.auth}. Stateless; every fault is of code CONFIGURATION. */
final class AuthParser {
  static final String USUAL_VARIABLE = "CLOCKIFY_API_KEY";
  private static final Pattern ONE_VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
  private static final List<String> ORIGINS = List.of("value", "file", "aws_secret");

  private AuthParser() {}

  /**
   * Gives the key its default, and takes it out of the tree when it is a variable that is not set:
   * a command that needs no key must not fail for want of one.
   *
   * @param tree before interpolation
   * @return the variable that is not set
   */
  static Optional<String> withdrawUnsetKey(ObjectNode tree, Map<String, String> environment) {
    Optional<ObjectNode> auth = object(tree, "source").flatMap(source -> object(source, "auth"));
    if (auth.isEmpty()) {
      return Optional.empty();
    }
    boolean given = ORIGINS.stream().anyMatch(origin -> auth.get().hasNonNull(origin));
    String text = given ? auth.get().path("value").asText("") : "${" + USUAL_VARIABLE + "}";
    Matcher variable = ONE_VARIABLE.matcher(text.strip());
    if (!variable.matches() || !environment.getOrDefault(variable.group(1), "").isBlank()) {
      if (!given) {
        auth.get().put("value", text);
      }
      return Optional.empty();
    }
    auth.get().putNull("value");
    return Optional.of(variable.group(1));
  }

  /** The object under a key, made when there is none; empty when something else is there. */
  private static Optional<ObjectNode> object(ObjectNode parent, String key) {
    JsonNode child = parent.get(key);
    if (child == null || child.isNull()) {
      return Optional.of(parent.putObject(key));
    }
    return child instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  static Auth parse(Document source, Optional<String> unsetVariable, Redaction redaction) {
    if (source.find("auth").map(node -> !node.isObject()).orElse(false)) {
      // Without the value: what stands there may be the key itself.
      throw source.fault("auth", "expected an object with type and value");
    }
    Document auth = source.object("auth");
    AuthType type = ConfigurationParser.oneOf(auth, "type", AuthType.class, AuthType.API_KEY);
    SecretReference secret = secret(auth, unsetVariable, redaction);
    Optional<String> connection = auth.findText("connection");
    if (connection.isPresent() && type != AuthType.MATON) {
      throw auth.fault("connection", "only the maton gateway has connections; leave it out");
    }
    auth.finish();
    return new Auth(type, secret, connection);
  }

  private static SecretReference secret(
      Document auth, Optional<String> unsetVariable, Redaction redaction) {
    List<String> given = ORIGINS.stream().filter(auth::has).toList();
    int count = given.size() + (unsetVariable.isPresent() ? 1 : 0);
    if (count > 1) {
      throw auth.fault("value", "give exactly one of value, file, aws_secret");
    }
    if (unsetVariable.isPresent()) {
      return new SecretReference.Unset(unsetVariable.get());
    }
    if (auth.has("file")) {
      return new SecretReference.File(Path.of(auth.text("file")));
    }
    if (auth.has("aws_secret")) {
      return awsSecret(auth.object("aws_secret"));
    }
    String value = auth.text("value");
    redaction.add(value.strip());
    return new SecretReference.Value(new Secret(value.strip()));
  }

  private static SecretReference awsSecret(Document object) {
    SecretReference.AwsSecret secret =
        new SecretReference.AwsSecret(
            ConfigurationParser.filled(object, "id", object.text("id")),
            ConfigurationParser.filled(object, "key", object.text("key", "api_key")),
            object.findText("region"),
            ConfigurationParser.findUrl(object, "endpoint"));
    object.finish();
    return secret;
  }
}
