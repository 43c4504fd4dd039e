"""Networks, endpoints, namespaces and load balancers by hcsctl."""

import json
import unittest

from daemon import DaemonTestCase


class Network(DaemonTestCase):
    subnets = 0

    def json(self, *words):
        return json.loads(self.succeed(*words, "--format", "json"))

    def network(self, name, *options):
        type(self).subnets += 1
        prefix = f"172.31.{self.subnets}."
        self.succeed("network", "create", "--type", "nat", "--subnet", prefix + "0/24",
                     "--gateway", prefix + "1", *options, name)
        self.addCleanup(self.hcsctl, "network", "rm", "-f", name)
        return prefix

    def test_create_list_inspect_remove(self):
        prefix = self.network("life", "--dns", "192.0.2.1", "--dns", "192.0.2.2",
                              "--dns-suffix", "example.org")
        table = self.succeed("network", "ls").splitlines()
        self.assertEqual(table[0].split(), ["ID", "NAME", "TYPE", "SUBNETS", "GATEWAYS",
                                            "ADAPTER"])
        row = next(line for line in table if " life " in line).split()
        self.assertEqual(row[1:], ["life", "nat", prefix + "0/24", prefix + "1"])
        document = json.loads(self.succeed("network", "inspect", "life"))
        self.assertEqual(document["DNSServerList"], "192.0.2.1,192.0.2.2")
        self.assertEqual(document["DNSSuffix"], "example.org")
        self.assertEqual(document["users"], [])
        self.assertIn(document["ID"], self.succeed("network", "ls", "-q").split())
        self.assertEqual(self.json("network", "ls", "--type", "overlay"), [])
        self.assertEqual(self.succeed("network", "rm", "life"), "life\n")
        self.assertIn("not found", self.fail_with(1, "network", "inspect", "life"))

    def test_what_is_missing_or_wrong_is_said(self):
        self.assertIn("NAME or --document", self.fail_with(1, "network", "create"))
        self.assertIn("--network or --document", self.fail_with(1, "endpoint", "create", "e"))
        self.assertIn("--gateway", self.fail_with(1, "network", "create", "--gateway", "10.0.0.1",
                                                  "bad"))
        self.assertIn("HCN_E_INVALID_NETWORK_TYPE",
                      self.fail_with(1, "network", "create", "--type", "teleport", "bad"))
        self.assertIn("endpoint create: cannot read",
                      self.fail_with(1, "endpoint", "create", "--document", "/nowhere"))
        self.fail_with(1, "network", "create", "--document", "/dev/null", "--type", "nat")
        self.assertIn("-p publishes", self.fail_with(125, "run", "-p", "80:80", "--", "true"))
        self.assertIn("HOSTPORT:PORT", self.fail_with(125, "run", "--network", "x", "-p", "80:99999",
                                                      "--", "true"))

    def test_documents_of_the_host(self):
        document = {"Name": "raw", "Type": "internal", "Odd": [1],
                    "Subnets": [{"AddressPrefix": "172.31.200.0/24",
                                 "GatewayAddress": "172.31.200.1"}]}
        network = self.succeed("network", "create", "--document", "-",
                               input=json.dumps(document).encode()).strip()
        self.addCleanup(self.hcsctl, "network", "rm", "-f", "raw")
        self.assertEqual(self.json("network", "inspect", network)["Odd"], [1])
        endpoint = {"Name": "raw-end", "VirtualNetworkName": "raw",
                    "Policies": [{"Type": "ACL", "Action": "Block", "Direction": "In",
                                  "Protocols": "6", "RuleType": "Switch", "Priority": 100}]}
        self.succeed("endpoint", "create", "--document", "-", input=json.dumps(endpoint).encode())
        policy = self.json("endpoint", "inspect", "raw-end")["Policies"][0]
        self.assertEqual((policy["Type"], policy["Action"]), ("ACL", "Block"))

    def test_endpoints(self):
        prefix = self.network("ends")
        first = self.succeed("endpoint", "create", "--network", "ends", "-p", "18080:80",
                             "one").strip()
        self.succeed("endpoint", "create", "--network", "ends", "--ip", prefix + "77", "--mac",
                     "00-15-5D-00-77-77", "two")
        rows = self.succeed("endpoint", "ls", "--network", "ends").splitlines()
        self.assertEqual(len(rows), 3)
        two = next(row for row in rows if " two " in row)
        self.assertIn(f"{prefix}77/24", two)
        self.assertIn("00-15-5D-00-77-77", two)
        self.assertIn("18080->80/tcp", next(row for row in rows if " one " in row))
        self.assertIn(first, self.succeed("endpoint", "ls", "-q").split())
        refused = self.fail_with(1, "network", "rm", "ends")
        self.assertIn("endpoint one", refused)
        self.assertIn("endpoint two", refused)
        stats = self.succeed("endpoint", "stats", "one").splitlines()
        self.assertEqual(stats[1].split()[0], "one")
        self.assertEqual(len(self.succeed("network", "stats", "ends").splitlines()), 3)
        result = self.hcsctl("network", "rm", "-f", "ends")
        self.assertEqual(result.returncode, 0)
        self.assertIn("cut off endpoint one", result.stderr.decode())

    def test_connect_and_disconnect(self):
        self.network("wire")
        self.running_container("plugged")
        endpoint = self.succeed("network", "connect", "wire", "plugged").strip()
        document = self.json("endpoint", "inspect", endpoint)
        self.assertEqual(document["Name"], "plugged-wire")
        self.assertEqual(document["SharedContainers"], ["plugged"])
        self.assertEqual(document["users"][0]["containerId"], "plugged")
        self.assertEqual(self.succeed("endpoint", "ls", "-q", "--container", "plugged"),
                         endpoint + "\n")
        self.assertIn("container plugged", self.fail_with(1, "endpoint", "rm", endpoint))
        self.succeed("network", "disconnect", "wire", "plugged")
        self.assertEqual(self.succeed("endpoint", "ls", "-q", "--network", "wire"), "")
        self.assertIn("is not on network",
                      self.fail_with(1, "network", "disconnect", "wire", "plugged"))

    def test_connect_to_nobody_leaves_no_endpoint(self):
        self.network("empty")
        self.assertIn("nobody", self.fail_with(1, "network", "connect", "empty", "nobody"))
        self.assertEqual(self.succeed("endpoint", "ls", "-q", "--network", "empty"), "")

    def test_run_on_a_network(self):
        self.network("apps")
        self.succeed("run", "-d", "--name", "app", "--network", "apps", "-p", "18081:80", "--",
                     "sleep", "4002")
        self.addCleanup(self.hcsctl, "rm", "-f", "app")
        endpoint = self.json("endpoint", "inspect", "app-apps")
        self.assertEqual(endpoint["SharedContainers"], ["app"])
        self.assertEqual(endpoint["Policies"][0]["ExternalPort"], 18081)
        taken = self.fail_with(125, "run", "--name", "other", "--network", "apps", "-p", "18081:80",
                               "--", "true")
        self.assertIn("port already exists", taken)
        self.assertNotIn("other", self.succeed("ps", "-q").split())
        self.succeed("rm", "-f", "app")
        self.assertEqual(self.succeed("endpoint", "ls", "-q", "--network", "apps"), "")

    def test_run_rm_takes_the_endpoint_along(self):
        self.network("brief")
        self.assertEqual(self.succeed("run", "--rm", "--network", "brief", "--", "echo", "hello"),
                         "hello\n")
        self.assertEqual(self.succeed("endpoint", "ls", "-q", "--network", "brief"), "")
        self.assertIn("not found", self.fail_with(125, "run", "--network", "nowhere", "--", "true"))

    def test_namespaces(self):
        self.network("spaces")
        self.succeed("endpoint", "create", "--network", "spaces", "inside")
        space = self.succeed("namespace", "create").strip()
        self.addCleanup(self.hcsctl, "namespace", "rm", "-f", space)
        self.succeed("namespace", "connect", space, "inside")
        document = self.json("namespace", "inspect", space)
        self.assertEqual(document["ResourceList"][0]["Type"], "Endpoint")
        self.assertIn(space, self.succeed("namespace", "ls"))
        self.assertIn("in use", self.fail_with(1, "namespace", "rm", space))
        self.succeed("namespace", "disconnect", space, "inside")
        self.assertEqual(self.succeed("namespace", "rm", space), space + "\n")

    def test_load_balancers(self):
        self.network("pool")
        self.succeed("endpoint", "create", "--network", "pool", "backend")
        balancer = self.succeed("loadbalancer", "create", "-p", "80:8080", "--vip", "10.96.0.1",
                                "backend").strip()
        row = self.succeed("loadbalancer", "ls", "--endpoint", "backend").splitlines()[1].split()
        self.assertEqual(row, [balancer, "ELB", "10.96.0.1", "80->8080", "1"])
        self.assertEqual(self.json("loadbalancer", "inspect", balancer)["Policies"][0]["Type"],
                         "ELB")
        self.succeed("loadbalancer", "rm", balancer)
        self.assertEqual(self.succeed("loadbalancer", "ls", "-q"), "")

    def test_events(self):
        self.network("told")
        network = self.json("network", "inspect", "told")["ID"]
        events = self.succeed("events", "--since", "all", "--no-follow", "--filter",
                              f"network={network}")
        self.assertIn(f"network-created  told ({network})", events)


if __name__ == "__main__":
    unittest.main()
