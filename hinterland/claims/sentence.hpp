// Sentences with computed numbers in them: "Incomes grew by {guizhou}" and what stands for {guizhou}.
#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace hinterland {

// Each {NAME} replaced by what `text_of` gives for it. Requires braces that names_in() accepts.
std::string filled(std::string_view pattern, const std::function<std::string(const std::string&)>& text_of);

}  // namespace hinterland
