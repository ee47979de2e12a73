// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTextTest {

  @ParameterizedTest
  @CsvSource({
    "2026-01-16T09:00:00Z, 2026-01-16T09:00:00Z",
    "2026-01-16T09:00Z, 2026-01-16T09:00:00Z",
    "2026-01-16T09:00+0200, 2026-01-16T07:00:00Z",
    "2024-03-04T12:02:28.125+00:00, 2024-03-04T12:02:28.125Z",
    "2023-08-28T15:48:00+10:00, 2023-08-28T05:48:00Z",
    "2023-08-28T15:48:00-0330, 2023-08-28T19:18:00Z",
    "2023-08-28T15:48:00+05, 2023-08-28T10:48:00Z",
    "2024-02-29T23:59:59.9Z, 2024-02-29T23:59:59.900Z",
    "2024-02-29T23:59:59.123456789Z, 2024-02-29T23:59:59.123456Z",
    "1969-12-31T23:59:59.9999999Z, 1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void readsInstants(String text, Instant expected) {
    assertThat(IsoText.micros(text)).isEqualTo(micros(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-16",
        "2026-01-16T09:00:00",
        "2026-01-16T09:00:00.123",
        "2026-01-16 09:00:00Z",
        "2026-13-16T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "2026-01-00T09:00:00Z",
        "2026-01-16T24:00:00Z",
        "2026-01-16T09:60:00Z",
        "2026-01-16T09:00:60Z",
        "2026-01-16T09:00:00.Z",
        "2026-01-16T09:00:00.1234567890Z",
        "2026-01-16T09:00:00ZZ",
        "2026-01-16T09:00:00Z ",
        "2026-01-16T09:00:00+19:00",
        "2026-01-16T09:00:00+1:00",
        "2026-01-16T09:00:00+01:0",
        "2026-01-16T09:00:00+01:00[Europe/Berlin]",
        "2026-01-16T09:00:0aZ",
        "2026-01-16T09:00:00Europe",
        "+2026-01-16T09:00:00Z",
        "２026-01-16T09:00:00Z"
      })
  void refusesWhatNamesNoInstant(String text) {
    assertThat(IsoText.micros(text)).isEqualTo(IsoText.UNREADABLE);
  }

  @Test
  void agreesWithTheJdkOnRandomInstants() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 5_000; i++) {
      OffsetDateTime time =
          OffsetDateTime.ofInstant(
              Instant.ofEpochSecond(
                  random.nextLong(-60_000_000_000L, 250_000_000_000L),
                  random.nextInt(1_000_000_000)),
              ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));
      assertThat(IsoText.micros(time.toString()))
          .as(time.toString())
          .isEqualTo(micros(time.toInstant()));
      assertThat(IsoText.finerThanMicros(time.toString())).isEqualTo(time.getNano() % 1000 != 0);
    }
  }

  @Test
  void tellsDigitsThatCountFromZeros() {
    assertThat(IsoText.finerThanMicros("2026-01-16T09:00:00.123456000Z")).isFalse();
    assertThat(IsoText.finerThanMicros("2026-01-16T09:00:00.123456001Z")).isTrue();
    assertThat(IsoText.finerThanMicros("2026-01-16T09:00+10:00")).isFalse();
  }

  @Test
  void readsDates() {
    assertThat(IsoText.date("2024-02-29")).isEqualTo((int) LocalDate.of(2024, 2, 29).toEpochDay());
    assertThat(IsoText.date("1969-12-31")).isEqualTo(-1);
    assertThat(IsoText.date("2023-02-29")).isNull();
    assertThat(IsoText.date("2024-2-29")).isNull();
    assertThat(IsoText.date("2024-02-29T00:00:00Z")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PT2H30M15S, 9015",
    "PT49H, 176400",
    "PT0S, 0",
    "PT45M, 2700",
    "PT1H1S, 3601",
    "PT999999999H, 3599999996400",
    "P1DT2H, 93600",
    "P2W, 1209600",
    "P1W1DT1S, 691201",
    "-P1W, -604800",
    "PT1.9S, 1",
    "PT-0.5S, -1",
    "-PT1H30M, -5400"
  })
  void readsDurations(String text, long seconds) {
    assertThat(IsoText.seconds(text)).hasValue(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "60000",
        "P1Y",
        "P1M",
        "PT",
        "P",
        "PT1",
        "PTH",
        "PT1S1H",
        "PT1H1H",
        "PT1D",
        "PT99999999999999999999H",
        "2:30",
        "P9223372036854775807W"
      })
  void refusesWhatHasNoFixedLength(String text) {
    assertThat(IsoText.seconds(text)).isEmpty();
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
