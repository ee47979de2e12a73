// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

/**
 * How an endpoint is read page by page (Clockify API facts, section 4).
 *
 * @param style where the page's number and size travel
 * @param page name of the parameter (or body key) for the page's number
 * @param size name of the parameter (or body key) for the page's size
 * @param first number of the first page: 1, or 0 where an endpoint counts from 0
 * @param max rows asked for per page: the endpoint's own maximum, halved when it answers 400
 */
public record Paging(Style style, String page, String size, int first, int max) {

  /** Where the page's number and size travel. */
  public enum Style {
    /** In the query. */
    QUERY,
    /** In the JSON body of a POST. */
    BODY,
    /** Nowhere: the endpoint answers everything at once and ignores page parameters. */
    NONE
  }

  public static final Paging UNPAGED = new Paging(Style.NONE, "", "", 1, Integer.MAX_VALUE);
}
