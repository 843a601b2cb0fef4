using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Home;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal.Lan;

/// <summary>
/// The second door of the terminal, for tablets on the local network: closed unless the settings open it, HTTPS only, and only
/// for tablets that somebody at the PC has let in.
/// </summary>
internal sealed class LanDoor : IDisposable
{
    private readonly LanCertificates? _certificates;
    private readonly TimeProvider _time;
    private readonly bool _isPortTaken;
    private string _names = "";
    private volatile X509Certificate2? _certificate;

    public LanDoor(string homeFolder, TerminalSettings settings, TimeProvider time)
    {
        (_time, Port) = (time, settings.LanPort);
        var folder = Path.Combine(homeFolder, "lan");
        Tablets = new TabletBook(Path.Combine(folder, "tablets.json"), time);
        if (!settings.Lan) return;
        // A port that is taken must not keep the terminal itself from starting.
        _isPortTaken = !IsFree(Port);
        if (_isPortTaken) return;
        PrivateFile.CreateFolder(homeFolder);
        _certificates = new LanCertificates(folder, time);
        try
        {
            LookAgain();
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // A clock that is years off: tablets wait until it is set, the terminal does not.
        }
    }

    public TabletBook Tablets { get; }

    public int Port { get; }

    public bool IsOn => _certificates is not null;

    public X509Certificate2? Certificate => _certificate;

    public byte[]? Authority => _certificates?.Authority;

    public string? Fingerprint => _certificates?.Fingerprint;

    /// <summary>Where a tablet begins.</summary>
    public IReadOnlyList<Uri> Addresses =>
        IsOn ? [.. Hosts().Select(host => new UriBuilder(Uri.UriSchemeHttps, host, Port, "/tablet.html").Uri)] : [];

    public Health Health => _isPortTaken ? Health.Bad : Health.Good;

    public Words Says => _isPortTaken ? new($"端口 {Port} 被其他程序占用", $"port {Port} is taken by another program")
        : IsOn ? new($"已开启，端口 {Port}，已接入 {Tablets.Tablets.Count} 台", $"on, port {Port}, {Tablets.Tablets.Count} let in")
        : new("未开启", "off");

    /// <summary>Whether a Host header is one of this machine's own names on the local network; a foreign name that leads here is an attack.</summary>
    public bool IsOwn(HostString host) => host.Port == Port && Hosts().Contains(host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>A new certificate where the addresses have changed or the old one ends soon.</summary>
    public void LookAgain()
    {
        if (_certificates is null) return;
        var names = string.Join(' ', Hosts());
        if (names == _names && _certificate is { } held && new DateTimeOffset(held.NotAfter) > _time.GetUtcNow() + LanLimits.RenewBefore) return;
        _certificate = _certificates.For(LanAddresses.Own(), LanAddresses.Names());
        _names = names;
    }

    public void Dispose() => _certificates?.Dispose();

    private static IEnumerable<string> Hosts() => LanAddresses.Own().Select(address => address.ToString()).Concat(LanAddresses.Names());

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
