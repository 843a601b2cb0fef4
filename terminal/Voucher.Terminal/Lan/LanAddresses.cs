using System.Globalization;
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

    /// <summary>The machine's own names.</summary>
    public static IReadOnlyList<string> Names() => NamesOf(Environment.MachineName);

    /// <summary>
    /// The name as printers and phones look for it, and the bare one if no public ending can be called so: to vouch for “center” is to
    /// vouch for every name that ends with it. (Public endings are letters, or begin with xn--.)
    /// </summary>
    public static IReadOnlyList<string> NamesOf(string machine)
    {
        if (Ascii(machine.Split('.')[0].ToLowerInvariant()) is not { Length: > 0 } name || name == "localhost") return [];
        var canBePublic = name.All(char.IsAsciiLetter) || name.StartsWith("xn--", StringComparison.Ordinal);
        return canBePublic ? [$"{name}.local"] : [name, $"{name}.local"];
    }

    /// <summary>As certificates write it; <c>null</c> for what is no name.</summary>
    private static string? Ascii(string name)
    {
        try
        {
            return new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
