#pragma once
// A BIO of libssl over something of ours.
#include <openssl/bio.h>

namespace tocsin::stacks {

/// Made once and never freed. name: for libssl's messages.
BIO_METHOD* make_bio_method(const char* name, int (*write)(BIO*, const char*, int), int (*read)(BIO*, char*, int),
                            long (*control)(BIO*, int, long, void*));

/// data: what the functions find by BIO_get_data; it must outlive the BIO.
BIO* new_bio_over(void* data, const BIO_METHOD* method);

}  // namespace tocsin::stacks
