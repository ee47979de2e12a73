// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;

/** Makes the credentials of a simulated account from its seed. Stateless. */
final class Secrets {
  private Secrets() {}

  static Credentials of(long seed, World world) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5EC2E7L);
    String workspace = world.workspaces().isEmpty() ? "" : world.workspaces().get(0).id();
    String claims = "{\"type\":\"addon\",\"workspaceId\":\"" + workspace + "\"}";
    String token =
        encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encoded(claims) + "." + word(random);
    return new Credentials(encoded(word(random)), token, "maton-" + word(random));
  }

  private static String word(SplittableRandom random) {
    return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
