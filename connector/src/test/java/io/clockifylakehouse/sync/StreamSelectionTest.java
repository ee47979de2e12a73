// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.sync;

import static io.clockifylakehouse.sync.CascadeFixture.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamSelectionTest {
  @Test
  void selectsAllWithoutPatterns() {
    assertThat(StreamSelection.select(CATALOG, List.of())).hasSize(CATALOG.streams().size());
  }

  @Test
  void selectsByNameAndGlob() {
    assertThat(StreamSelection.select(CATALOG, List.of("user*", "tasks")))
        .containsExactlyInAnyOrder("user", "users", "tasks");
  }

  @Test
  void leavesOutWhatBeginsWithAMinus() {
    assertThat(StreamSelection.select(CATALOG, List.of("-user*")))
        .doesNotContain("user", "users")
        .contains("projects");
  }

  @Test
  void refusesAPatternThatFitsNothingAndNamesTheNearest() {
    assertThatThrownBy(() -> StreamSelection.select(CATALOG, List.of("taks")))
        .isInstanceOf(ConnectorException.class)
        .hasMessage("unknown stream 'taks'; did you mean 'tasks'?");
  }
}
