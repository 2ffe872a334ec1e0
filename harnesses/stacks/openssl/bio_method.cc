#include "harnesses/stacks/openssl/bio_method.h"

#include <cstdlib>

namespace tocsin::stacks {

BIO_METHOD* make_bio_method(const char* name, int (*write)(BIO*, const char*, int), int (*read)(BIO*, char*, int),
                            long (*control)(BIO*, int, long, void*)) {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, name);
  if (method == nullptr || BIO_meth_set_write(method, write) != 1 || BIO_meth_set_read(method, read) != 1 ||
      BIO_meth_set_ctrl(method, control) != 1)
    std::abort();
  return method;
}

BIO* new_bio_over(void* data, const BIO_METHOD* method) {
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, data);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace tocsin::stacks
