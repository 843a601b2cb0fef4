using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Voucher.Terminal.Lan;

/// <summary>
/// For which names and addresses a site's authority can vouch (name constraints, RFC 5280 section 4.2.1.10): a stolen one must
/// not make the tablets that trust it believe in a bank. Whoever does not understand the bounds must not trust the authority.
/// </summary>
internal sealed record LanBounds(IReadOnlyList<string> Names, IReadOnlyList<IPNetwork> Networks)
{
    private const string Extension = "2.5.29.30";

    /// <summary>A kind of name of which none is permitted is not bounded at all: this one, which nobody can have (RFC 2606), always is.</summary>
    private const string Nobody = "voucher-terminal.invalid";

    /// <summary>Addresses that are nobody's on the internet; the machine may get another of them any day.</summary>
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    /// <summary>The machine's names, all private addresses, and those of its present addresses that are not private.</summary>
    public static LanBounds Of(IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> names) => new(
        [.. names, Nobody],
        [.. Private, .. addresses.Where(one => !Array.Exists(Private, network => network.Contains(one))).Select(Alone)]);

    /// <summary>The bounds of an authority; <c>null</c> when it vouches for anybody.</summary>
    /// <exception cref="AsnContentException">They are none that this program writes.</exception>
    public static LanBounds? In(X509Certificate2 authority) =>
        authority.Extensions.FirstOrDefault(one => one.Oid?.Value == Extension) is { } found ? Parse(found.RawData) : null;

    public bool Has(IPAddress address) => Networks.Any(network => network.Contains(address));

    public bool Has(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    public X509Extension ToExtension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        {
            foreach (var name in Names)
                using (writer.PushSequence()) writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
            foreach (var network in Networks)
                using (writer.PushSequence()) writer.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. MaskOf(network)], Address);
        }
        return new X509Extension(Extension, writer.Encode(), critical: true);
    }

    private static LanBounds Parse(byte[] content)
    {
        var (names, networks) = (new List<string>(), new List<IPNetwork>());
        var permitted = new AsnReader(content, AsnEncodingRules.DER).ReadSequence().ReadSequence(Permitted);
        while (permitted.HasData)
        {
            var one = permitted.ReadSequence();
            if (one.PeekTag().HasSameClassAndValue(DnsName)) names.Add(one.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
            else networks.Add(NetworkIn(one.ReadOctetString(Address)));
        }
        return new LanBounds(names, networks);
    }

    private static IPNetwork Alone(IPAddress address) => new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    /// <summary>As long as the address: ones where it counts.</summary>
    private static byte[] MaskOf(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.GetAddressBytes().Length];
        for (var bit = 0; bit < network.PrefixLength; bit++) mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return mask;
    }

    private static IPNetwork NetworkIn(byte[] addressAndMask)
    {
        var half = addressAndMask.Length / 2;
        return new IPNetwork(new IPAddress(addressAndMask.AsSpan(0, half)), addressAndMask.AsSpan(half).ToArray().Sum(one => int.PopCount(one)));
    }
}
