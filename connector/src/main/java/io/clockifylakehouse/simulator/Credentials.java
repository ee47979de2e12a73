// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

/** What the simulated service accepts as proof of identity. Immutable; never prints itself. */
record Credentials(String apiKey, String addonToken, String gatewayKey) {
  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
