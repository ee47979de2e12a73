// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.exceptions.ServiceFailureException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Tells a catalog or an object store that cannot be reached, or has too much to do, from one that
 * refuses: time may mend the one and not the other. Stateless and safe for use by several threads.
 */
final class Outage {
  /** Of a database: connection failures, too many connections, and a server that shuts down. */
  private static final Pattern SQL_STATES = Pattern.compile("08...|53300|57P0[123]");

  private static final int DEPTH_MAX = 20;

  private Outage() {}

  /** Whether a failure, or what caused it, is an outage. */
  static boolean isOne(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < DEPTH_MAX; depth++) {
      if (ofNetwork(at) || ofServer(at) || ofDatabase(at)) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private static boolean ofNetwork(Throwable failure) {
    return failure instanceof SocketException
        || failure instanceof SocketTimeoutException
        || failure instanceof UnknownHostException
        || (failure instanceof RESTException && failure.getCause() instanceof IOException);
  }

  private static boolean ofServer(Throwable failure) {
    return failure instanceof ServiceFailureException
        || failure instanceof ServiceUnavailableException
        || (failure instanceof SdkServiceException answer
            && (answer.statusCode() >= 500 || answer.isThrottlingException()));
  }

  private static boolean ofDatabase(Throwable failure) {
    return failure instanceof SQLTransientException
        || (failure instanceof SQLException sql
            && sql.getSQLState() != null
            && SQL_STATES.matcher(sql.getSQLState()).matches());
  }
}
