"""The foreign programs, each with what it can."""
from .chromium import Chromium
from .curl import Curl
from .gnutls import GnuTls
from .mbedtls import MbedTls
from .node import Node
from .nss import Nss
from .openssl import OpenSsl
from .python import Python

PROVIDERS = (OpenSsl, GnuTls, Nss, Curl, Node, Python, Chromium, MbedTls)
