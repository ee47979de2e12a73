// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/** The service's hosts, each with a base URL of its own (Clockify API facts, section 1). */
public enum Host {
  MAIN,
  REPORTS,
  AUDIT
}
