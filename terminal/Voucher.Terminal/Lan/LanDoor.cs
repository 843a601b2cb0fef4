using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Home;
using Voucher.Terminal.Settings;

namespace Voucher.Terminal.Lan;

/// <summary>
/// The second door of the terminal, for tablets on the local network: closed unless the settings open it, HTTPS only, and only
/// for tablets that somebody at the PC has let in. A revoked terminal has none. Whatever is wrong with it, the terminal works on.
/// </summary>
internal sealed class LanDoor : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TerminalHome _home;
    private readonly TimeProvider _time;
    private readonly bool _isPortTaken;
    private volatile string[] _hosts = [];
    private volatile LanCertificates? _certificates;
    private volatile X509Certificate2? _certificate;
    private volatile bool _isRevoked;
    private volatile bool _isFaulty;
    private volatile bool _isElsewhere;
    private bool _isOlderKeySealed;

    public LanDoor(TerminalHome home, TerminalSettings settings, TimeProvider time)
    {
        (_home, _time, Port) = (home, time, settings.LanPort);
        Tablets = new TabletBook(Path.Combine(home.LanFolder, "tablets.json"), time);
        // A port that is taken must not keep the terminal itself from starting.
        _isPortTaken = settings.Lan && !IsFree(Port);
        IsListening = settings.Lan && !_isPortTaken;
        home.Revoked += (_, _) => LookAgain(isRevoked: true);
        LookAgain(IsRevoked(home));
    }

    public TabletBook Tablets { get; }

    public int Port { get; }

    /// <summary>The port is this terminal's while it runs, whether anybody is let in or not.</summary>
    public bool IsListening { get; }

    public bool IsOn => _certificates is not null;

    /// <summary>What whoever knocks is shown; nobody gets further without.</summary>
    public X509Certificate2? Certificate => _certificate;

    public byte[]? Authority => _certificates?.Authority;

    public string? Fingerprint => _certificates?.Fingerprint;

    /// <summary>Where a tablet begins.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _hosts.Select(host => new UriBuilder(Uri.UriSchemeHttps, host, Port, "/tablet.html").Uri)];

    public Health Health => _isPortTaken || _isFaulty || IsOn && _hosts is [] ? Health.Bad
        : _isElsewhere || _certificates is { IsBound: false } ? Health.Attention
        : Health.Good;

    public Words Says => _isPortTaken ? new($"端口 {Port} 被其他程序占用", $"port {Port} is taken by another program")
        : _isFaulty ? new("证书打不开或写不进磁盘，平板暂时不能用", "the certificate cannot be read or written; tablets have to wait")
        : _isRevoked ? new("本终端已停用，平板不能使用", "this terminal is revoked; tablets are not let in")
        : _certificates is not { } certificates ? new("未开启", "off")
        : _isElsewhere || _hosts is [] ? new("证书不包含本机现在的地址", "the certificate is not for the address that this machine has now")
        : certificates.IsBound ? new($"已开启，端口 {Port}，已接入 {Tablets.Tablets.Count} 台", $"on, port {Port}, {Tablets.Tablets.Count} let in")
        : new("证书是旧的，请移除全部平板后重新接入", "the certificate is of an older kind: remove all tablets and let them in again");

    /// <summary>Whether a Host header is one of this machine's own names on the local network; a foreign name that leads here is an attack.</summary>
    public bool IsOwn(HostString host) => host.Port == Port && _hosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens, renews what is worn or for other addresses, or closes behind a revoked terminal.</summary>
    public void LookAgain(bool isRevoked)
    {
        lock (_gate)
        {
            _isRevoked = isRevoked;
            try
            {
                if (isRevoked) Close();
                else if (IsListening) Open();
                else SealOlderKey();
                _isFaulty = false;
            }
            catch (Exception)
            {
                // Disk, certificates, the system's list of addresses: the terminal works on, line 11 says so, and the next look tries again.
                _isFaulty = true;
            }
        }
    }

    public void Dispose() => _certificates?.Dispose();

    private void Open()
    {
        var certificates = _certificates ??= new LanCertificates(LanAuthority.Read(_home.LanFolder, _home.Seal) ?? NewAuthority(), _time);
        // One that vouches for anybody is done away with as soon as no tablet has to be introduced again for it.
        if (!certificates.IsBound && Tablets is { Tablets: [], Code: null }) certificates = Replace(certificates);
        var own = LanAddresses.Own();
        List<IPAddress> addresses = [.. own.Where(certificates.VouchesFor)];
        _isElsewhere = addresses.Count < own.Count;
        List<string> names = [.. LanAddresses.Names().Where(certificates.VouchesFor)];
        string[] hosts = [.. addresses.Select(address => address.ToString()), .. names];
        if (_certificate is { } held && hosts.SequenceEqual(_hosts, StringComparer.Ordinal) && !certificates.IsWorn(held)) return;
        _certificate = hosts is [] ? null : certificates.For(addresses, names);
        _hosts = hosts;
    }

    /// <summary>What an older program left in clear is sealed also where no tablet is let in any more.</summary>
    private void SealOlderKey()
    {
        if (_isOlderKeySealed) return;
        LanAuthority.Read(_home.LanFolder, _home.Seal)?.Dispose();
        _isOlderKeySealed = true;
    }

    private LanAuthority NewAuthority() => LanAuthority.Make(_home.LanFolder, _home.Seal, LanBounds.Of(LanAddresses.Own(), LanAddresses.Names()));

    private LanCertificates Replace(LanCertificates older)
    {
        _certificates = new LanCertificates(NewAuthority(), _time);
        _certificate = null;
        older.Dispose();
        return _certificates;
    }

    private void Close()
    {
        (_certificate, _hosts, _isElsewhere) = (null, [], false);
        _certificates?.Dispose();
        _certificates = null;
        Tablets.Forget();
        PrivateFile.WipeFolder(_home.LanFolder);
    }

    /// <summary>As the disk says, before the pairing is opened: the power may have gone in the middle of the wiping.</summary>
    private static bool IsRevoked(TerminalHome home)
    {
        try
        {
            return home.ReadPairing() is { RevokedAt: not null };
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

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
