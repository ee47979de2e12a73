// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.error;

import java.util.OptionalInt;

/**
 * The one exception of the connector: a code that can be counted, and a message that names the
 * thing, the value and the way out.
 *
 * <p>The message never holds a secret; whoever puts a server's words into it redacts them first.
 */
public final class ConnectorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For an exception without an HTTP status. */
  private static final int NO_STATUS = 0;

  private final ErrorCode code;
  private final int status;

  public ConnectorException(ErrorCode code, String message) {
    this(code, message, NO_STATUS);
  }

  /** A failure that an answer of the service with this HTTP status stands for. */
  public ConnectorException(ErrorCode code, String message, int status) {
    super(message);
    this.code = code;
    this.status = status;
  }

  public ConnectorException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.status = NO_STATUS;
  }

  /** A configuration fault: exit code 78. */
  public static ConnectorException configuration(String message) {
    return new ConnectorException(ErrorCode.CONFIGURATION, message);
  }

  public ErrorCode code() {
    return code;
  }

  /** The HTTP status that led to this, where one did. */
  public OptionalInt status() {
    return status == NO_STATUS ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
