// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

/**
 * Colours, or none.
 *
 * @param colourful false leaves every text as it is
 */
record Style(boolean colourful) {
  static final Style PLAIN = new Style(false);

  String good(String text) {
    return coloured("32", text);
  }

  String notable(String text) {
    return coloured("33", text);
  }

  String bad(String text) {
    return coloured("31", text);
  }

  String heading(String text) {
    return coloured("1", text);
  }

  private String coloured(String code, String text) {
    return colourful ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
