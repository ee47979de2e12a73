// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clockifylakehouse.error.ConnectorException;
import io.clockifylakehouse.error.ErrorCode;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private static final Pattern FULL =
      Pattern.compile("No space left|quota exceeded|File too large|not enough space");

  private static final Pattern READ_ONLY =
      Pattern.compile("Read-only file system|Permission denied|Mkdirs failed");

  /** What Iceberg says when a commit would be older than the one before. */
  private static final Pattern CLOCK =
      Pattern.compile("before last snapshot|before the latest|Expected sorted snapshot log");

  private static final int DEPTH_MAX = 20;

  /** Characters of one message; the Parquet library puts a file's whole footer into some. */
  private static final int LINE_MAX = 300;

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
    if (text.isEmpty()) {
      return name;
    }
    String clean = SECRET.matcher(text).replaceAll("$1***");
    boolean cut = clean.length() > LINE_MAX;
    return name + ": " + (cut ? clean.substring(0, LINE_MAX) + "..." : clean);
  }

  private static ErrorCode code(Exception failure) {
    if (refusedByDisk(failure)) {
      return ErrorCode.DESTINATION;
    }
    if (failure instanceof CommitFailedException
        || failure instanceof CommitStateUnknownException
        || (failure instanceof ValidationException && !isLostMetadata(failure))) {
      return ErrorCode.COMMIT_CONFLICT;
    }
    return Outage.isOne(failure) ? ErrorCode.UNAVAILABLE : ErrorCode.DESTINATION;
  }

  /** True when a disk refused what was to be written, for want of room or of permission. */
  static boolean isRefusedWrite(Exception failure) {
    return code(failure) == ErrorCode.DESTINATION
        && causes(failure).stream()
            .map(cause -> String.valueOf(cause.getMessage()))
            .anyMatch(text -> FULL.matcher(text).find() || READ_ONLY.matcher(text).find());
  }

  /** A Hadoop catalog commits by a rename; a full disk refuses that as another writer does. */
  private static boolean refusedByDisk(Exception failure) {
    return failure instanceof CommitFailedException
        && failure.getCause() instanceof IOException refusal
        && wayOut(causes(refusal)).isPresent();
  }

  /** A Hadoop catalog's hint names a version that is not there. */
  private static boolean isLostMetadata(Exception failure) {
    return String.valueOf(failure.getMessage()).startsWith("Metadata file for version");
  }

  private static String wayOut(Exception failure) {
    if (code(failure) == ErrorCode.COMMIT_CONFLICT) {
      return "another writer changed the table meanwhile, the next run settles it";
    }
    if (Outage.isOne(failure)) {
      return "it may answer later: run again, and check destination.catalog when it stays so";
    }
    if (isLostMetadata(failure)) {
      return "delete version-hint.text there, and the newest metadata file counts; or restore the"
          + " missing one";
    }
    if (failure instanceof NotAuthorizedException || failure instanceof ForbiddenException) {
      return "check the credentials under destination.catalog";
    }
    if (failure instanceof NoSuchTableException) {
      return "run sync, which creates missing tables";
    }
    return wayOut(causes(failure))
        .orElse("check destination.catalog, its address and its permissions");
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = failure; at != null && causes.size() < DEPTH_MAX; at = at.getCause()) {
      causes.add(at);
    }
    return causes;
  }

  private static Optional<String> wayOut(List<Throwable> causes) {
    for (Throwable cause : causes) {
      String message = String.valueOf(cause.getMessage());
      if (FULL.matcher(message).find()) {
        return Optional.of("make room there, then run the same command again");
      }
      if (cause instanceof AccessDeniedException || READ_ONLY.matcher(message).find()) {
        return Optional.of("let this user write there, then run the same command again");
      }
      if (CLOCK.matcher(message).find()) {
        return Optional.of(
            "the table's last commit is dated later than now: set this machine's clock right; if"
                + " the clock of that commit was wrong, rename the table, and the next sync loads a"
                + " new one");
      }
    }
    for (Throwable cause : causes) {
      if (cause instanceof NotFoundException
          || cause instanceof FileNotFoundException
          || cause instanceof EOFException
          || cause instanceof JsonProcessingException) {
        return Optional.of(
            "a file of the table is missing or damaged: restore it, roll the table back to an older"
                + " snapshot, or drop the table, and the next sync loads a new one");
      }
    }
    return Optional.empty();
  }
}
