// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.error;

/**
 * Every way a run, a stream or a slice can fail, with the exit code the contract gives it.
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public enum ErrorCode {
  /** A defect of the connector, or something nobody foresaw. */
  DEFECT(1),
  /** Wrong usage of the command line. */
  USAGE(2),
  /** 402 or 403: this key or plan may not read the stream. Never retried. */
  FORBIDDEN(3),
  /** 3xx: the key goes to the configured hosts only, so no redirect is followed. */
  REDIRECTED(3),
  /** 400 other than a missing object, 404, 405: the service refuses the request itself. */
  REJECTED(3),
  /**
   * A well-formed answer of the wrong shape: an object for a list, a missing key, a repeated page.
   */
  UNEXPECTED_ANSWER(3),
  /** A full read that would delete more rows than {@code sync.max_shrink} allows. */
  SHRINK_REFUSED(3),
  /** The tables hold something that the connector must not touch, or cannot write. */
  DESTINATION(3),
  /** Network, timeouts, 429 and 5xx past the retries, bodies that stay broken. */
  UNAVAILABLE(75),
  /** 429 that persists: a workspace's quota of requests is used up. The next run goes on. */
  QUOTA(75),
  /** Another run holds the lock. */
  LOCKED(75),
  /** A commit lost against another writer, or its outcome is unknown; the next run settles it. */
  COMMIT_CONFLICT(75),
  /** A termination signal. */
  INTERRUPTED(75),
  /** 401: fatal for the run at once, never retried. */
  UNAUTHORIZED(77),
  /** A configuration or stream file that cannot be used. */
  CONFIGURATION(78),
  /**
   * 400 code 501 on a child: its parent is gone (API.md section 3). Not a failure: the slice has no
   * records. It never leaves the source as an exit code.
   */
  PARENT_GONE(0);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The process exit code that this failure alone leads to. */
  public int exitCode() {
    return exitCode;
  }
}
