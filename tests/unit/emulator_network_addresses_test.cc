// Addresses as values, and who gets which.

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "core/emulator/network/address_space.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/mac_registry.h"
#include "core/emulator/network/number_pool.h"
#include "core/emulator/network/port_registry.h"

namespace hcs::emulator::hns {
namespace {

IpAddress Ip(const std::string& text) {
  const auto address = IpAddress::Parse(text);
  if (!address) FAIL("no address: " << text);
  return *address;
}

AddressSpace SpaceOf(const std::string& prefix, const std::string& gateway) {
  return AddressSpace({{*IpPrefix::Parse(prefix), Ip(gateway)}});
}

TEST_CASE("addresses are read and written in their usual forms, and nothing else is one") {
  CHECK(Ip("10.0.0.7").Text() == "10.0.0.7");
  CHECK(Ip("FD00:0:0:0:0:0:0:1").Text() == "fd00::1");
  CHECK(Ip("::").IsUnspecified());
  for (const std::string text : {"", "10.0.0", "10.0.0.256", "010.0.0.1", " 10.0.0.1", "10.0.0.1/8",
                                 "fe80::1%eth0", "g::1", "1:2:3:4:5:6:7:8:9"}) {
    CAPTURE(text);
    CHECK_FALSE(IpAddress::Parse(text));
  }
  CHECK_FALSE(IpAddress::Parse(std::string("10.0.0.1\0", 9)));
}

TEST_CASE("prefixes: what is in them, and where they end") {
  const IpPrefix prefix = *IpPrefix::Parse("10.1.2.3/22");
  CHECK(prefix.Text() == "10.1.0.0/22");
  CHECK(prefix.last().Text() == "10.1.3.255");
  CHECK(prefix.Contains(Ip("10.1.3.255")));
  CHECK_FALSE(prefix.Contains(Ip("10.1.4.0")));
  CHECK_FALSE(prefix.Contains(Ip("::1")));
  CHECK(prefix.Overlaps(*IpPrefix::Parse("10.0.0.0/8")));
  CHECK_FALSE(prefix.Overlaps(*IpPrefix::Parse("10.1.4.0/22")));
  CHECK_FALSE(IpPrefix::Parse("0.0.0.0/0")->Overlaps(*IpPrefix::Parse("::/0")));
  for (const char* text : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "::/129",
                           "10.0.0.0/8/8", "10.0.0.0/ 8"}) {
    CAPTURE(text);
    CHECK_FALSE(IpPrefix::Parse(text));
  }
}

TEST_CASE("offsets carry over bytes, and are not invented where there is none") {
  CHECK(Ip("10.0.0.255").Plus(1).Text() == "10.0.1.0");
  CHECK(Ip("fd00::ffff:ffff").Plus(uint64_t{1} << 40).Text() == "fd00::100:ffff:ffff");
  CHECK(Ip("10.2.0.0").OffsetFrom(Ip("10.1.255.254")) == 2);
  CHECK(Ip("fd00::1:0").OffsetFrom(Ip("fd00::")) == 65536);
  CHECK_FALSE(Ip("10.0.0.1").OffsetFrom(Ip("10.0.0.2")));
  CHECK_FALSE(Ip("10.0.0.1").OffsetFrom(Ip("::")));
  CHECK_FALSE(Ip("fd00:0:0:1::").OffsetFrom(Ip("fd00::")));  // 2^64.
}

TEST_CASE("a MAC is read in five spellings and either case, and written in HNS' own") {
  for (const char* text : {"00-15-5d-0A-0b-0C", "00:15:5D:0a:0b:0c", "0015.5d0a.0b0c",
                           "00155D-0A0B0C", "00155d0a0b0c"}) {
    CAPTURE(text);
    const auto mac = MacAddress::Parse(text);
    REQUIRE(mac);
    CHECK(mac->Text() == "00-15-5D-0A-0B-0C");
  }
  for (const char* text : {"", "00-15-5D-0A-0B", "00-15-5D-0A-0B-0G", "00-15:5D-0A-0B-0C",
                           "0-15-5D-0A-0B-0C", "00-15-5D-0A-0B-0C-0D", "0x00155d0a0b0c"}) {
    CAPTURE(text);
    CHECK_FALSE(MacAddress::Parse(text));
  }
  CHECK_FALSE(MacAddress::Parse("01-00-5E-00-00-01")->IsUnicast());
  CHECK_FALSE(MacAddress::Parse("00-00-00-00-00-00")->IsUnicast());
}

TEST_CASE("numbers are given out in order, and released ones last, longest ago first") {
  NumberPool pool(6);
  CHECK(pool.Claim(2));
  CHECK_FALSE(pool.Claim(2));
  CHECK_FALSE(pool.Claim(6));
  CHECK(pool.Take() == 0);
  CHECK(pool.Take() == 1);
  pool.Release(1);
  pool.Release(0);
  CHECK(pool.Take() == 3);
  pool.Release(2);
  CHECK(pool.Take() == 4);
  CHECK(pool.Take() == 5);
  CHECK(pool.Released() == std::vector<uint64_t>{1, 0, 2});
  CHECK(pool.Take() == 1);
  pool.Release(1);  // Again, and so to the end.
  CHECK(pool.Claim(0));
  CHECK(pool.Take() == 2);
  CHECK(pool.Take() == 1);
  CHECK(pool.Take() == std::nullopt);
}

TEST_CASE("a number that is released twice is given out once") {
  NumberPool pool(2);
  REQUIRE(pool.Take() == 0);
  pool.Release(0);
  pool.Release(0);
  CHECK(pool.Take() == 1);
  CHECK(pool.Take() == 0);
  CHECK(pool.Take() == std::nullopt);
}

TEST_CASE("numbers whose release is forgotten are given out in the end") {
  const uint64_t count = NumberPool::kMaxReleased + 10;
  NumberPool pool(count);
  for (uint64_t i = 0; i < count; ++i) REQUIRE(pool.Take() == i);
  for (uint64_t i = 0; i < count; ++i) pool.Release(i);
  CHECK(pool.Released().size() == NumberPool::kMaxReleased);
  std::set<uint64_t> taken;
  for (uint64_t i = 0; i < count; ++i) taken.insert(pool.Take().value());
  CHECK(taken.size() == count);
  CHECK(pool.Take() == std::nullopt);
}

TEST_CASE("a pool that is claimed and released over and over stays small") {
  NumberPool pool(uint64_t{1} << 63);
  for (int i = 0; i < 100'000; ++i) {
    REQUIRE(pool.Claim(7));
    pool.Release(7);
  }
  CHECK(pool.Released() == std::vector<uint64_t>{7});
}

TEST_CASE("a /24 has 253 addresses for endpoints, then says that it has none") {
  AddressSpace space = SpaceOf("10.0.0.0/24", "10.0.0.1");
  std::set<std::string> given;
  for (int i = 0; i < 253; ++i) {
    const auto address = space.Take(IpFamily::kV4, "e");
    REQUIRE(address.ok());
    given.insert(address->Text());
  }
  CHECK(given.size() == 253);
  for (const char* reserved : {"10.0.0.0", "10.0.0.1", "10.0.0.255"}) {
    CHECK(given.count(reserved) == 0);
    const Status claimed = space.Claim(Ip(reserved), "e");
    CHECK(claimed.code == abi::HCN_E_INVALID_IP);
  }
  const auto none = space.Take(IpFamily::kV4, "e");
  REQUIRE_FALSE(none.ok());
  CHECK(none.failure().code == kNoResources);
  CHECK(none.failure().message == "every address of 10.0.0.0/24 is in use");
  CHECK(space.Take(IpFamily::kV6, "e").failure().code == abi::HCN_E_SUBNET_NOT_FOUND);
}

TEST_CASE("an address is claimed by name: in a subnet, free, and its owner's alone") {
  AddressSpace space = SpaceOf("10.0.0.0/24", "10.0.0.254");
  CHECK(space.Claim(Ip("10.0.0.1"), "one").ok());
  CHECK(space.Claim(Ip("10.0.0.1"), "one").ok());
  const Status taken = space.Claim(Ip("10.0.0.1"), "two");
  CHECK(taken.code == kObjectExists);
  CHECK(taken.message == "10.0.0.1 is in use by endpoint one");
  CHECK(space.Claim(Ip("10.0.1.1"), "one").code == abi::HCN_E_INVALID_IP);
  CHECK(space.Take(IpFamily::kV4, "two")->Text() == "10.0.0.2");
  space.Release(Ip("10.0.0.1"), "two");  // Not two's.
  CHECK_FALSE(space.Claim(Ip("10.0.0.1"), "two").ok());
  space.Release(Ip("10.0.0.1"), "one");
  CHECK(space.Take(IpFamily::kV4, "two")->Text() == "10.0.0.3");
  CHECK(space.Claim(Ip("10.0.0.1"), "two").ok());
}

TEST_CASE("several subnets are filled one after the other, each family from its own") {
  AddressSpace space({{*IpPrefix::Parse("10.0.0.0/30"), Ip("10.0.0.1")},
                      {*IpPrefix::Parse("fd00::/64"), Ip("fd00::1")},
                      {*IpPrefix::Parse("10.0.9.0/30"), Ip("10.0.9.2")}});
  CHECK(space.Take(IpFamily::kV4, "e")->Text() == "10.0.0.2");
  CHECK(space.Take(IpFamily::kV4, "e")->Text() == "10.0.9.1");
  CHECK(space.Take(IpFamily::kV4, "e").failure().message ==
        "every address of 10.0.0.0/30, 10.0.9.0/30 is in use");
  CHECK(space.Take(IpFamily::kV6, "e")->Text() == "fd00::2");
}

TEST_CASE("large subnets cost nothing until they are used, and work at their ends") {
  AddressSpace eight = SpaceOf("10.0.0.0/8", "10.255.255.254");
  CHECK(eight.Claim(Ip("10.255.255.253"), "e").ok());
  CHECK_FALSE(eight.Claim(Ip("10.255.255.255"), "e").ok());
  CHECK(eight.Take(IpFamily::kV4, "e")->Text() == "10.0.0.1");
  AddressSpace six = SpaceOf("fd00::/64", "fd00::1");
  CHECK(six.Claim(Ip("fd00::ffff:ffff:ffff:ffff"), "e").ok());
  CHECK(six.Take(IpFamily::kV6, "e")->Text() == "fd00::2");
  AddressSpace wide = SpaceOf("fd00::/48", "fd00::1");
  CHECK(wide.Claim(Ip("fd00:0:0:5::1"), "one").ok());
  CHECK(wide.Claim(Ip("fd00:0:0:5::1"), "two").code == kObjectExists);
  wide.Release(Ip("fd00:0:0:5::1"), "one");
  CHECK(wide.Claim(Ip("fd00:0:0:5::1"), "two").ok());
}

TEST_CASE("MACs come from the network's pools, and no two are one") {
  MacRegistry macs;
  const auto mac = [](const char* text) { return *MacAddress::Parse(text); };
  macs.SetPools("n", {{mac("00-15-5D-00-00-00"), mac("00-15-5D-00-00-01")},
                      {mac("02-00-00-00-00-05"), mac("02-00-00-00-00-05")}});
  CHECK(macs.Overlapped({mac("00-15-5D-00-00-01"), mac("00-15-5D-00-00-09")}, "m") == "n");
  CHECK(macs.Overlapped({mac("00-15-5D-00-00-01"), mac("00-15-5D-00-00-09")}, "n").empty());
  CHECK(macs.Overlapped({mac("00-15-5D-00-00-02"), mac("02-00-00-00-00-04")}, "m").empty());
  CHECK(macs.Claim(mac("00-15-5D-00-00-01"), "a").ok());
  CHECK(macs.Claim(mac("00-15-5D-00-00-01"), "b").code == kObjectExists);
  CHECK(macs.Take("n", "b")->Text() == "00-15-5D-00-00-00");
  CHECK(macs.Take("n", "b")->Text() == "02-00-00-00-00-05");
  CHECK(macs.Take("n", "b").failure().code == kNoResources);
  CHECK(macs.Take("other", "b").failure().code == kNoResources);
  macs.Release(mac("00-15-5D-00-00-01"), "a");
  CHECK(macs.Take("n", "b")->Text() == "00-15-5D-00-00-01");
}

TEST_CASE("a MAC that somebody had before there was a pool is not given out") {
  MacRegistry macs;
  const MacAddress first(0x020000000001);
  CHECK(macs.Claim(first, "early").ok());
  macs.SetPools("n", {{first, MacAddress(0x020000000002)}});
  CHECK(macs.Take("n", "e")->number() == 0x020000000002);
  CHECK_FALSE(macs.Take("n", "e").ok());
  macs.Release(first, "early");
  CHECK(macs.Take("n", "e")->number() == first.number());
}

TEST_CASE("free ranges of MACs do not overlap pools that are there") {
  MacRegistry macs;
  std::set<std::string> firsts;
  for (int i = 0; i < 1024; ++i) {
    const auto range = macs.FreeRange();
    REQUIRE(range.ok());
    firsts.insert(range->first.Text());
    macs.SetPools(std::to_string(i), {*range});
  }
  CHECK(firsts.size() == 1024);
  CHECK(macs.FreeRange().failure().code == kNoResources);
  macs.SetPools("7", {});
  CHECK(macs.FreeRange().ok());
}

TEST_CASE("an external port is one endpoint's, for each protocol") {
  PortRegistry ports;
  CHECK(ports.Claim({6, 80}, "one").ok());
  CHECK(ports.Claim({17, 80}, "two").ok());
  const Status taken = ports.Claim({6, 80}, "two");
  CHECK(taken.code == abi::HCN_E_PORT_ALREADY_EXISTS);
  CHECK(taken.message == "external TCP port 80 is endpoint one's");
  CHECK(ports.Claim({6, 49152}, "one").ok());
  CHECK(*ports.Take(6, "two") == 49153);
  ports.Release({6, 80}, "two");
  CHECK(ports.IsOwnedBy({6, 80}, "one"));
  ports.Release({6, 80}, "one");
  CHECK(ports.Claim({6, 80}, "two").ok());
}

}  // namespace
}  // namespace hcs::emulator::hns
