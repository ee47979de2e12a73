// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import java.util.OptionalLong;

/** What is known of a commit afterwards. Immutable, thus safe for use by several threads. */
sealed interface CommitOutcome {
  /**
   * The table has it.
   *
   * @param snapshotId the table's current snapshot right afterwards; empty when it has none
   */
  record Committed(OptionalLong snapshotId) implements CommitOutcome {}

  /**
   * The table does not have it.
   *
   * @param proven true when it never will, so that its data files may go; false when the catalog
   *     gave no clear answer and the table merely shows no trace
   */
  record Rejected(RuntimeException cause, boolean proven) implements CommitOutcome {}

  /** The table could not be asked. Nothing may be deleted. */
  record Unknown(RuntimeException cause) implements CommitOutcome {}
}
