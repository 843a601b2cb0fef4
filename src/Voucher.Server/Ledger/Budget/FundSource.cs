namespace Voucher.Server.Ledger.Budget;

/// <summary>Where money comes from (资金来源): one document, one kind of funds.</summary>
public sealed record FundSource(FundSourceId Id, string Name, string DocumentNo, FundKind Kind)
{
    /// <summary>What somebody says of a source that is known, and that it is not: it would be silently lost otherwise.</summary>
    /// <param name="kind"><c>null</c>: nothing was said of it.</param>
    public IEnumerable<FieldError> Differences(string documentNo, FundKind? kind)
    {
        if (documentNo != DocumentNo)
            yield return new("documentNo", new(
                $"来源“{Name}”的文号是 {DocumentNo}；另一份文件请另立来源名称", $"The source “{Name}” is of document {DocumentNo}; give another document's money another name"));
        if (kind is { } said && said != Kind)
            yield return new("kind", new(
                $"来源“{Name}”的资金性质是{Kind.Name().Zh}；未登记的可在预算项目页面补登", $"The source “{Name}” is of the kind {Kind.Name().En}; where none was known, it is recorded on the page of a line"));
    }
}
