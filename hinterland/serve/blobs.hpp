// Files by their contents over HTTP: what jobs take in and what they leave (staging/objects.hpp).
//
//   HEAD, GET /v1/blobs/HASH    200, or with `Range: bytes=A-B` 206; HEAD of one that is half sent: 404 with Upload-Offset
//   PUT /v1/blobs/HASH          all of it; or from Upload-Offset on, with `Content-Range: bytes A-B/TOTAL`; if that is TOTAL,
//                               and it is not there all the same, its last part again
//
// It is refused with 507 if a GB of the disk, or a twentieth of a smaller one, would not be left: other things go on there. What
// others have begun to send counts as there.
// A blob is there once all its bytes are and its hash is right: nobody ever sees a part. Whoever was cut off asks with HEAD
// where to go on. One that is there already takes no bytes.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "hinterland/base/time.hpp"
#include "hinterland/serve/http.hpp"

namespace hinterland {

inline constexpr std::uint64_t kMostBlob = std::uint64_t{1} << 40U;  // bytes

// [from, to) of `total`.
struct ByteRange {
  std::uint64_t from = 0, to = 0, total = 0;
};
// Of "bytes=A-B", "bytes=A-" and "bytes=-N". nullopt: it is none of these, and all is meant; an empty range: none of it
// is there (416).
std::optional<ByteRange> range_of(const std::string& header, std::uint64_t total);
// "bytes A-B/TOTAL".
std::optional<ByteRange> content_range_of(const std::string& header);

// Something has been written to a blob, or its times were set: whether it is right only check_blob() tells, which reads all of it,
// throws it away if it is not, and takes as long as that takes. Until then there is no such blob.
bool is_blob_touched(const std::string& store, const std::string& hash);
void check_blob(const std::string& store, const std::string& hash);
ApiResponse blob(const std::string& store, const std::string& hash, const HttpHead& head);

// Takes away what was begun to be sent, and not gone on with for so long.
void forget_uploads(const std::string& store, Duration age);

// One that is being sent. All but begin() may take as long as the disk does.
class Upload {
 public:
  // An answer if there is nothing to send, or it cannot begin there.
  static std::variant<ApiResponse, std::unique_ptr<Upload>> begin(const std::string& store,
                                                                  const std::string& hash,
                                                                  const HttpHead& head);
  // An answer if it cannot go on. What has come stays.
  std::optional<ApiResponse> take(std::string_view bytes);
  ApiResponse finish();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

 private:
  Upload(std::string store, std::string hash, std::string part, Handle file, ByteRange range)
      : store_(std::move(store)),
        hash_(std::move(hash)),
        part_(std::move(part)),
        file_(std::move(file)),
        range_(range) {
    promised += range.to - range.from;
  }
  // Bytes that the uploads which are open now have yet to bring, so that two at once do not each find the same room.
  inline static std::atomic<std::uint64_t> promised = 0;
  std::string store_, hash_, part_;
  Handle file_;
  ByteRange range_;
};

}  // namespace hinterland
