// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.simulator;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The subscription of a workspace, and what it switches on (API.md section 8).
 *
 * <p>Immutable, thus safe for use by several threads.
 */
public enum Plan {
  FREE(
      "FREE",
      EnumSet.noneOf(Feature.class),
      List.of("KIOSK", "TIME_TRACKING", "ONE_MONTH_RANGE_REPORTS", "SHARED_REPORTS")),
  BASIC(
      "BASIC_2021",
      EnumSet.noneOf(Feature.class),
      List.of("ADD_TIME_FOR_OTHERS", "PROJECT_TEMPLATES", "REQUIRED_FIELDS", "BREAKS")),
  STANDARD(
      "STANDARD_2021",
      EnumSet.of(Feature.TIME_OFF, Feature.INVOICING, Feature.APPROVAL),
      List.of("ATTENDANCE_REPORT", "TASK_RATES", "AUTOMATIC_LOCK", "UNLIMITED_REPORTS")),
  PRO(
      "PRO_2021",
      EnumSet.of(Feature.SCHEDULING, Feature.EXPENSES, Feature.CUSTOM_FIELDS),
      List.of("DISABLE_MANUAL_MODE", "LABOR_COST", "USER_CUSTOM_FIELDS", "CLIENT_CURRENCY")),
  ENTERPRISE(
      "ENTERPRISE_2021",
      EnumSet.of(Feature.AUDIT_LOG),
      List.of("SSO", "CUSTOM_SUBDOMAIN", "BRAND_NEW_FEATURE_NOT_IN_THE_SPECIFICATION"));

  /** What an endpoint can need; the names are tokens of the workspace's {@code features}. */
  public enum Feature {
    APPROVAL,
    AUDIT_LOG,
    CUSTOM_FIELDS,
    EXPENSES,
    INVOICING,
    SCHEDULING,
    TIME_OFF
  }

  private final String subscriptionType;
  private final Set<Feature> added;
  private final List<String> otherTokens;

  Plan(String subscriptionType, Set<Feature> added, List<String> otherTokens) {
    this.subscriptionType = subscriptionType;
    this.added = added;
    this.otherTokens = otherTokens;
  }

  /** The token in the workspace's {@code featureSubscriptionType}. */
  public String subscriptionType() {
    return subscriptionType;
  }

  /** Whether this plan, or one below it, brings the feature. */
  public boolean has(Feature feature) {
    for (Plan plan : values()) {
      if (plan.compareTo(this) <= 0 && plan.added.contains(feature)) {
        return true;
      }
    }
    return false;
  }

  /** Every token that the workspace's {@code features} lists. */
  List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (Plan plan : values()) {
      if (plan.compareTo(this) <= 0) {
        plan.added.forEach(feature -> tokens.add(feature.name()));
        tokens.addAll(plan.otherTokens);
      }
    }
    return tokens;
  }
}
