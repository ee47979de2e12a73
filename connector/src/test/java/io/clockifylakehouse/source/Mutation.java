// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes wrong answers out of right ones: of their bytes blindly, or of the values in them. */
public final class Mutation {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "-1",
    "2147483647",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "1e400",
    "-1e999999999",
    "1e-400",
    "0.1",
    "1.7976931348623157e308",
    "4.9e-324",
    "123456789012345678901234567890.123456789",
    "1E+2",
    "200.0"
  };
  private static final String[] TEXTS = {
    "",
    " ",
    "null",
    "../..",
    "\u0000\u001b[2J",
    "\ud800",
    "\ufffe",
    "true",
    "PT1H",
    "P1Y",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T24:00:00Z",
    "\u202egnp",
    "'; DROP"
  };
  private static final String[] TOPS = {"{}", "[]", "null", "\"\"", "0", "[null]", "[[]]", "[{}]"};

  private Mutation() {}

  /** Flips, inserts, takes out, repeats and cuts bytes. */
  public static byte[] ofBytes(byte[] body, SplittableRandom random) {
    byte[] bytes = body;
    for (int i = random.nextInt(1, 6); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(bytes.length - at, random.nextInt(1, 9));
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> spliced(bytes, at, at, random(random, length));
            case 2 -> spliced(bytes, at, at + length, new byte[0]);
            case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            case 4 -> {
              byte[] same =
                  "[]{}\",:0".substring(random.nextInt(8)).getBytes(StandardCharsets.UTF_8);
              yield spliced(bytes, at, at + 1, Arrays.copyOf(same, 1));
            }
            default -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
          };
    }
    return bytes;
  }

  private static byte[] flipped(byte[] bytes, int at, SplittableRandom random) {
    byte[] copy = bytes.clone();
    copy[at] ^= (byte) (1 << random.nextInt(8));
    return copy;
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] inserted) {
    byte[] result = new byte[bytes.length - (to - from) + inserted.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(inserted, 0, result, from, inserted.length);
    System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
    return result;
  }

  /** Drops, repeats, renames, retypes, nests and swaps values of a JSON text. */
  public static byte[] ofValues(byte[] body, SplittableRandom random) {
    if (random.nextInt(50) == 0) {
      return TOPS[random.nextInt(TOPS.length)].getBytes(StandardCharsets.UTF_8);
    }
    try {
      JsonNode[] top = {MAPPER.readTree(body)};
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        mutate(top, random);
      }
      return top[0].toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the service itself sent no JSON", e);
    }
  }

  private static void mutate(JsonNode[] top, SplittableRandom random) {
    List<JsonNode> holders = new ArrayList<>();
    collect(top[0], holders);
    if (holders.isEmpty()) {
      top[0] = value(random, top[0]);
      return;
    }
    JsonNode holder = holders.get(random.nextInt(holders.size()));
    if (holder instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(5)) {
        case 0 -> object.remove(name);
        case 1 -> object.set("new" + random.nextInt(9), object.remove(name));
        case 2 -> object.set(names.get(random.nextInt(names.size())), object.get(name));
        default -> object.set(name, value(random, object.get(name)));
      }
    } else if (holder instanceof ArrayNode array) {
      int at = random.nextInt(array.size());
      switch (random.nextInt(4)) {
        case 0 -> array.remove(at);
        case 1 -> array.insert(at, array.get(random.nextInt(array.size())).deepCopy());
        case 2 -> array.insert(random.nextInt(array.size()), array.remove(at));
        default -> array.set(at, value(random, array.get(at)));
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.isContainerNode() && !node.isEmpty()) {
      holders.add(node);
      node.forEach(child -> collect(child, holders));
    }
  }

  private static JsonNode value(SplittableRandom random, JsonNode was) {
    return switch (random.nextInt(10)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2, 3 -> NODES.rawValueNode(new RawValue(NUMBERS[random.nextInt(NUMBERS.length)]));
      case 4, 5 -> NODES.textNode(TEXTS[random.nextInt(TEXTS.length)]);
      case 6 -> NODES.objectNode().set("nested", was);
      case 7 -> NODES.arrayNode().add(was);
      case 8 -> random.nextBoolean() ? NODES.objectNode() : NODES.arrayNode();
      default -> deep(random.nextInt(8) == 0 ? random.nextInt(150) : 2);
    };
  }

  private static JsonNode deep(int depth) {
    JsonNode node = NODES.textNode("deep");
    for (int i = 0; i < depth; i++) {
      node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("in", node);
    }
    return node;
  }

  /** A JSON text as a tree; null when it is none. */
  static JsonNode tree(byte[] body) {
    try {
      return RecordRebuilder.read(new String(body, StandardCharsets.UTF_8));
    } catch (AssertionError e) {
      assert e.getCause() instanceof JsonProcessingException;
      return null;
    }
  }
}
