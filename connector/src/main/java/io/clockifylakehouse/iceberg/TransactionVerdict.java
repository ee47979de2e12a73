// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.RESTException;

/**
 * What follows from an attempt to commit to several tables at once: from what the server answered,
 * and from what its tables say afterwards. Only the latter is proof, in both directions: a reply
 * may be lost, and a server that takes one table after the other may have lost one of them.
 */
enum TransactionVerdict {
  /** All tables have it. */
  DONE,
  /** Build anew what moved, and send what has not taken effect. */
  AGAIN,
  /** The server does not do this: commit table by table. */
  APART,
  /** It never takes effect. */
  REFUSED,
  /** The tables show no trace of it, yet the server gave no clear answer. */
  UNCLEAR,
  /** The tables cannot be asked. */
  UNKNOWN;

  /** Each conflict means that another process has got on. */
  static final int ATTEMPTS_MAX = 20;

  /** Attempts without a clear answer. */
  static final int UNCLEAR_MAX = 3;

  /** Method not allowed, or not acceptable; Iceberg has no exceptions of their own for them. */
  private static final Pattern NOT_OFFERED = Pattern.compile("\\(code: 40[56],");

  /**
   * @param failure what the request ended with; empty when it was answered with a success
   * @param landings what each table says
   * @param attempt this one's number, from 1
   * @param unclear attempts without a clear answer so far, this one included; one of them may still
   *     arrive, which a commit of one table alone would not know of
   */
  static TransactionVerdict of(
      Optional<RuntimeException> failure,
      Collection<StagedTable.Landing> landings,
      int attempt,
      int unclear) {
    boolean absent = landings.contains(StagedTable.Landing.ABSENT);
    boolean unknown = landings.contains(StagedTable.Landing.UNKNOWN);
    if (!absent && (!unknown || failure.isEmpty())) {
      return DONE;
    }
    if (failure.isPresent() && refusesSuch(failure.get()) && unclear == 0) {
      return APART;
    }
    if (unknown) {
      return UNKNOWN;
    }
    if (failure.isEmpty() || failure.get() instanceof CommitFailedException) {
      return attempt < ATTEMPTS_MAX ? AGAIN : REFUSED;
    }
    if (isUnclear(failure.get())) {
      return unclear < UNCLEAR_MAX && attempt < ATTEMPTS_MAX ? AGAIN : UNCLEAR;
    }
    return REFUSED;
  }

  /** True when the server may have done what it was asked all the same. */
  static boolean isUnclear(RuntimeException failure) {
    return !(failure instanceof CleanableFailure) && !refusesSuch(failure);
  }

  /** True when the server does not take requests of this kind, whatever is in them. */
  static boolean refusesSuch(RuntimeException failure) {
    return failure instanceof UnsupportedOperationException
        || failure instanceof BadRequestException
        || failure instanceof NoSuchTableException
        || (failure instanceof RESTException
            && NOT_OFFERED.matcher(String.valueOf(failure.getMessage())).find());
  }
}
