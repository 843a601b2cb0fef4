using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Server.Journals;

/// <summary>The shape of what a terminal sends of its journal, before anything is believed.</summary>
public static class UploadCheck
{
    public static List<FieldError> Errors(ReceiptRequest request)
    {
        List<FieldError> errors = [];
        if (request.Sequence < 1) errors.Add(new("sequence", new("序号从1开始", "Sequences start at 1")));
        if (request.HeadHash is not { Length: ChainLink.HashLength }) errors.Add(new("headHash", new("应为32字节", "32 bytes")));
        return errors;
    }

    public static List<FieldError> Errors(OfflineAnswersRequest request) =>
        request.ScanIds is { Count: >= 1 and <= JournalLimits.AnswersAtOnce }
            ? []
            : [new("scanIds", new($"1 至 {JournalLimits.AnswersAtOnce} 个编号", $"1 to {JournalLimits.AnswersAtOnce} ids"))];

    public static List<FieldError> Errors(JournalUpload upload)
    {
        if (upload.Entries is not { Count: >= 1 and <= JournalLimits.EntriesAtOnce })
            return [new("entries", new($"1 至 {JournalLimits.EntriesAtOnce} 条", $"1 to {JournalLimits.EntriesAtOnce} entries"))];
        List<FieldError> errors = [];
        for (var i = 0; i < upload.Entries.Count && errors.Count == 0; i++) Add(errors, $"entries[{i}]", upload.Entries[i]);
        for (var i = 1; i < upload.Entries.Count && errors.Count == 0; i++)
            if (upload.Entries[i].Sequence <= upload.Entries[i - 1].Sequence)
                errors.Add(new($"entries[{i}].sequence", new("序号应依次增大", "Sequences must grow")));
        return errors;
    }

    private static void Add(List<FieldError> errors, string place, JournalRecord? entry)
    {
        if (entry is null)
        {
            errors.Add(new(place, new("不能为空", "Must not be empty")));
            return;
        }
        void Fault(bool isBad, string field, string zh, string en)
        {
            if (isBad) errors.Add(new($"{place}.{field}", new Words(zh, en)));
        }
        Fault(entry.Sequence < 1, "sequence", "序号从1开始", "Sequences start at 1");
        Fault(!Enum.IsDefined(entry.Kind), "kind", "种类只能是1至3", "The kind is 1 to 3");
        Fault(entry.EntryId == Guid.Empty, "entryId", "缺少编号", "The id is missing");
        Fault(entry.Content is not { Length: >= 2 and <= JournalLimits.LongestContent }, "content", $"2 至 {JournalLimits.LongestContent} 个字符", $"2 to {JournalLimits.LongestContent} characters");
        Fault(entry.Content?.Contains('\0', StringComparison.Ordinal) == true, "content", "含有不可用的字符", "Contains characters that cannot be used");
        Fault(entry.PreviousHash is not { Length: ChainLink.HashLength }, "previousHash", "应为32字节", "32 bytes");
        Fault(entry.Signature is not { Length: ChainLink.SignatureLength }, "signature", "应为64字节", "64 bytes");
        Fault(entry.MonotonicMs < 0, "monotonicMs", "不能小于0", "Not below 0");
        Fault(entry.WallMs < 0, "wallMs", "不是可能的时间", "Not a possible time");
        Fault(entry.CheckpointMs < 0, "checkpointMs", "不是可能的时间", "Not a possible time");
    }
}
