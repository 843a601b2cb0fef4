using System.Text.Json;
using Voucher.Core.Journals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Journals;

/// <summary>Gives receipts for the heads of journals, and knows its own again.</summary>
public sealed class HeadReceipts(IssuingKeys keys, TimeProvider clock)
{
    public async Task<HeadReceipt> GiveAsync(TerminalId terminal, ReceiptRequest request)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var plain = new HeadReceipt(terminal.Value, request.Sequence, request.HeadHash, at, KeyId: 0, Signature: []);
        var (keyId, signature) = await keys.SayAsync(plain.Said());
        return plain with { KeyId = keyId, Signature = signature };
    }

    /// <summary>The receipt that an entry holds, if this county gave it to this terminal and its key still counts; else <c>null</c>.</summary>
    public static HeadReceipt? Read(string content, TerminalId terminal, KeyRing ring) =>
        ReadOwn(content, terminal, ring) is { } receipt && ring.Counts(receipt.KeyId, CountyTime.DayOf(receipt.At)) ? receipt : null;

    /// <summary>
    /// The same, whatever has become of the key since: a receipt by a key that was revoked later proves no time, and yet its terminal
    /// has done nothing wrong.
    /// </summary>
    public static HeadReceipt? ReadOwn(string content, TerminalId terminal, KeyRing ring)
    {
        try
        {
            var receipt = JsonSerializer.Deserialize(content, WireJson.Default.HeadReceipt);
            var isWhole = receipt is { HeadHash.Length: ChainLink.HashLength, Signature.Length: ChainLink.SignatureLength } && receipt.TerminalId == terminal.Value;
            return isWhole && ring.WasSaidByCounty(receipt!.KeyId, receipt.Said(), receipt.Signature) ? receipt : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
