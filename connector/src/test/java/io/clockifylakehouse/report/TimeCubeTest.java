// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimeCubeTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

  private static long seconds(TimeCube cube) {
    return cube.groups().values().stream().mapToLong(TimeCube.Sum::seconds).sum();
  }

  private static int entries(TimeCube cube) {
    return cube.groups().values().stream().mapToInt(TimeCube.Sum::entries).sum();
  }

  private static TimeCube filled(int groupsMax, int people, int days, int entries) {
    TimeCube cube = new TimeCube(groupsMax, TODAY);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < entries; i++) {
      int day = Math.toIntExact(TODAY.toEpochDay()) - random.nextInt(days);
      cube.add(
          Entries.of(
              random.nextInt(people), day, List.of(1 + random.nextInt(3)), 6000, "EUR", 100 + i));
    }
    return cube;
  }

  @Test
  void tellsEverythingApartWhileThereIsRoom() {
    TimeCube cube = filled(100_000, 5, 1000, 2000);

    assertThat(cube.grain()).isEqualTo(Grain.FINEST);
    assertThat(entries(cube)).isEqualTo(2000);
  }

  @Test
  void neverHoldsMoreThanItMayAndLosesNothing() {
    long all = seconds(filled(1_000_000, 20, 2000, 20_000));
    for (int groupsMax : List.of(12_000, 6_000, 3_000, 1_500, 700)) {
      TimeCube cube = filled(groupsMax, 20, 2000, 20_000);
      assertThat(cube.groups().size()).isLessThanOrEqualTo(groupsMax);
      assertThat(seconds(cube)).isEqualTo(all);
      assertThat(entries(cube)).isEqualTo(20_000);
      assertThat(cube.grain()).isNotEqualTo(Grain.FINEST);
    }
  }

  @Test
  void recentDaysStayApartTheLongest() {
    TimeCube cube = filled(6_000, 20, 2000, 20_000);

    int from = Math.toIntExact(cube.grain().daysFrom().toEpochDay());
    assertThat(from).isLessThan(Math.toIntExact(TODAY.toEpochDay()));
    for (TimeCube.Group group : cube.groups().keySet()) {
      LocalDate day = LocalDate.ofEpochDay(group.day());
      assertThat(group.day() >= from || day.getDayOfMonth() == 1).as("%s", day).isTrue();
    }
  }

  @Test
  void refusesWhatDoesNotFitAtAll() {
    assertThatThrownBy(() -> filled(10, 50, 10, 500))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("--from")
        .hasMessageContaining("--format csv");
  }
}
