// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.error;

/**
 * The one exception of the connector: a code that can be counted, and a message that names the
 * thing, the value and the way out.
 *
 * <p>The message never holds a secret; whoever puts a server's words into it redacts them first.
 */
public final class ConnectorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public ConnectorException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public ConnectorException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A configuration fault: exit code 78. */
  public static ConnectorException configuration(String message) {
    return new ConnectorException(ErrorCode.CONFIGURATION, message);
  }

  public ErrorCode code() {
    return code;
  }
}
