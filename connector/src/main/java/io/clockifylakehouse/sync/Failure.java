// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import io.clockifylakehouse.error.ErrorCode;

/**
 * Why a load is not whole.
 *
 * @param reason in words, with the way out
 */
record Failure(ErrorCode code, String reason) {
  /** The failure that this one means for a child of the stream. */
  Failure inChildOf(String stream) {
    String verb = code == ErrorCode.FORBIDDEN ? " is forbidden: " : " failed: ";
    return new Failure(code, "its parent " + stream + verb + reason);
  }
}
