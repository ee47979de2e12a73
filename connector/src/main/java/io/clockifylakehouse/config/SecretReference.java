// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.config;

import io.clockifylakehouse.error.ConnectorException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the key comes from. Nothing is read before {@link #resolve}, so that commands which need no
 * key run without one.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public sealed interface SecretReference {

  /** The key itself, from the file or the environment. */
  record Value(Secret secret) implements SecretReference {}

  /** An environment variable that is not set, or is empty. */
  record Unset(String variable) implements SecretReference {}

  /** A file that holds nothing but the key; line breaks at its end do not count. */
  record File(Path path) implements SecretReference {}

  /**
   * A secret of AWS Secrets Manager.
   *
   * @param id name or ARN
   * @param key of the JSON object in the secret string; without meaning when that is no object
   * @param region empty for the one AWS's own configuration names
   * @param endpoint instead of the region's own
   */
  record AwsSecret(String id, String key, Optional<String> region, Optional<URI> endpoint)
      implements SecretReference {}

  /**
   * Reads the key.
   *
   * @throws ConnectorException CONFIGURATION when there is none to read, UNAUTHORIZED when AWS
   *     denies it, UNAVAILABLE when AWS cannot be reached or throttles
   */
  default Secret resolve() {
    if (this instanceof Value value) {
      return usable("source.auth.value", value.secret().reveal());
    }
    if (this instanceof File file) {
      return usable("source.auth.file: " + file.path(), read(file.path()));
    }
    if (this instanceof AwsSecret secret) {
      return usable("source.auth.aws_secret: " + secret.id(), AwsSecretString.read(secret));
    }
    throw unset(((Unset) this).variable());
  }

  private static ConnectorException unset(String variable) {
    return ConnectorException.configuration(
        "source.auth.value: the variable "
            + variable
            + " is not set. Make a key in Clockify (Preferences > Advanced > Manage API keys), then:"
            + " export "
            + variable
            + "=<key>. Without an account: ./clockify-lakehouse demo");
  }

  private static String read(Path path) {
    return TextFile.read("source.auth.file: '" + path + "'", path, "there is no such file");
  }

  private static Secret usable(String origin, String text) {
    String key = text.stripTrailing();
    if (key.isEmpty()) {
      throw ConnectorException.configuration(
          origin
              + ": is empty; put the key there (Preferences > Advanced > Manage API keys in Clockify)");
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw ConnectorException.configuration(
          origin
              + ": holds a blank, a line break or a character outside ASCII, so it is no key; copy it again");
    }
    return new Secret(key);
  }
}
