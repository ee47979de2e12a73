// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * What Iceberg, Hadoop and the catalogs throw, in the words of the connector. Stateless and safe
 * for use by several threads.
 */
final class Failures {
  /** Credentials inside an address, such as a JDBC catalog's, that drivers put into messages. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)((?:password|passwd|pwd|secret|token|credential|access[-_.]?key)[^=:&;\\s]*[=:]\\s*)"
              + "[^&;,\\s]+");

  private Failures() {}

  /**
   * @param what the thing and what was tried: {@code table clockify.tags: cannot read}
   * @return the failure itself, or what caused it, when that is a {@link ConnectorException}
   *     already
   */
  static ConnectorException of(String what, Exception failure) {
    if (failure instanceof ConnectorException known) {
      return known;
    }
    if (failure.getCause() instanceof ConnectorException known) {
      return known;
    }
    return new ConnectorException(
        code(failure), what + ": " + reason(failure) + "; " + wayOut(failure), failure);
  }

  /** The first line of what the deepest cause says, with its class when it says little. */
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return line(failure) + (deepest == failure ? "" : " (" + line(deepest) + ")");
  }

  private static String line(Throwable failure) {
    String message = failure.getMessage();
    String text = message == null ? "" : message.lines().findFirst().orElse("");
    String name = failure.getClass().getSimpleName();
    return text.isEmpty() ? name : name + ": " + SECRET.matcher(text).replaceAll("$1***");
  }

  private static ErrorCode code(Exception failure) {
    if (failure instanceof CommitFailedException
        || failure instanceof CommitStateUnknownException
        || failure instanceof ValidationException) {
      return ErrorCode.COMMIT_CONFLICT;
    }
    return ErrorCode.DESTINATION;
  }

  private static String wayOut(Exception failure) {
    if (code(failure) == ErrorCode.COMMIT_CONFLICT) {
      return "another writer changed the table meanwhile, the next run settles it";
    }
    if (failure instanceof NotAuthorizedException || failure instanceof ForbiddenException) {
      return "check the credentials under destination.catalog";
    }
    if (failure instanceof NoSuchTableException) {
      return "run sync, which creates missing tables";
    }
    if (failure instanceof NotFoundException) {
      return "a file of the table is missing: restore it, or roll the table back to an older"
          + " snapshot";
    }
    return "check destination.catalog, its address and its permissions";
  }
}
