#include "hinterland/atlas/published_figure.hpp"

namespace hinterland {

Fields<PublishedFigure> published_figure_fields() {
  return {
      field("id", &PublishedFigure::id).naming().documented("short name of the figure"),
      field("name", &PublishedFigure::name).naming().documented("what it is, in English"),
      field("name_zh", &PublishedFigure::name_zh).naming().documented("what it is, in Chinese"),
      field("unit", &PublishedFigure::unit).naming().documented("what it counts"),
      field("date", &PublishedFigure::date).naming().documented("the year, month or day that it speaks of"),
      field("value", &PublishedFigure::value)
          .documented("in its unit; empty where no text that was opened gives it"),
  };
}

}  // namespace hinterland
