// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldTest {
  @ParameterizedTest
  @CsvSource({
    "id, id",
    "clientId, client_id",
    "tax2, tax2",
    "tax2Amount, tax2_amount",
    "isLocked, is_locked",
    "imageUrl, image_url",
    "imageURL, image_url",
    "URLOfImage, url_of_image",
    "canSeeTimeSheet, can_see_time_sheet",
    "whoCanCreateProjectsAndClients, who_can_create_projects_and_clients",
    "page-size, page_size",
    "ccEmails, cc_emails"
  })
  void namesColumnsInSnakeCase(String name, String column) {
    assertThat(Field.snakeCase(name)).isEqualTo(column);
  }

  @Test
  void joinsItsPathByDots() {
    Field field =
        new Field(List.of("timeInterval", "start"), "started_at", Type.Primitive.TIMESTAMP, "S.");

    assertThat(field.path()).isEqualTo("timeInterval.start");
  }
}
