using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Voucher.Terminal.Lan;

/// <summary>The names under which this machine is reached on the local network.</summary>
internal static class LanAddresses
{
    /// <summary>IPv4 addresses of the interfaces that are up, without the loopback.</summary>
    public static IReadOnlyList<IPAddress> Own() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            .DistinctBy(address => address.ToString()),
    ];

    /// <summary>The machine's own name, and the same as printers and phones look for it.</summary>
    public static IReadOnlyList<string> Names()
    {
        var name = Environment.MachineName.ToLowerInvariant();
        return name.Length == 0 || name == "localhost" ? [] : [name, $"{name}.local"];
    }
}
