using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Setup;

namespace Voucher.Terminal.OfflineLists;

/// <summary>Takes in a file of lists that somebody has brought on a USB stick.</summary>
internal static class ListDesk
{
    public static async Task<ListFault> LoadFromFile(PairedTerminal terminal, Stream stream, CancellationToken stop) =>
        await BoundedReading.Read(stream, ListFile.LargestBytes, stop) is { } bytes ? Load(terminal, bytes) : ListFault.TooLarge;

    private static ListFault Load(PairedTerminal terminal, byte[] bytes)
    {
        if (ListFile.TryRead(bytes, out var file) is var fault and not ListFault.None) return fault;
        if (terminal is not { Setup: { Setup: { } setup } cache, Pairing.RootPublicKey: { } root } || !RegionCode.TryParse($"{setup.Region:D6}", out var region))
            return ListFault.NoKeys;
        if (file!.Statuses.List.Region != region) return ListFault.OtherRegion;
        // A key list that is older than the one held is left aside: the status list is what the file is brought for.
        if (cache.Accept(setup with { KeyList = file.Keys }, root) is not (SetupFault.None or SetupFault.KeyListOld)) return ListFault.SignatureFalse;
        return terminal.Statuses.Accept(file.Statuses, file.Statuses.List.MadeAt, cache.Keys!, region);
    }
}
