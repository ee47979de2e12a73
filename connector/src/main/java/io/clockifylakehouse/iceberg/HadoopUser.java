// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.iceberg;

import org.apache.hadoop.security.UserGroupInformation;

/**
 * The user that Hadoop believes to work for. It asks the operating system for a name and fails
 * without one, which is the rule in a container that runs under a number of its own. Stateless.
 */
final class HadoopUser {
  /** What Java calls a user whose number has no name. */
  private static final String NAMELESS = "?";

  private HadoopUser() {}

  /** Names the user after the connector when the operating system has no name for it. */
  static void ensureNamed() {
    if (System.getProperty("user.name", NAMELESS).equals(NAMELESS)) {
      UserGroupInformation.setLoginUser(
          UserGroupInformation.createRemoteUser("clockify-lakehouse"));
    }
  }
}
