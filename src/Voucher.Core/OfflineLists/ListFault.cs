namespace Voucher.Core.OfflineLists;

/// <summary>Why a list, a delta or a file of lists is not taken in, in the order in which it is checked.</summary>
public enum ListFault
{
    None = 0,
    TooLarge = 1,

    /// <summary>It does not begin as one of ours.</summary>
    NotAList = 2,

    /// <summary>It begins as one of ours and is not whole.</summary>
    Damaged = 3,

    /// <summary>A terminal that has never had its setup knows no keys to check a list with.</summary>
    NoKeys = 4,
    OtherRegion = 5,

    /// <summary>A delta that begins at another list than the one held.</summary>
    DoesNotFit = 6,

    /// <summary>Neither the county's root nor an issuing key in force has signed it.</summary>
    SignatureFalse = 7,

    /// <summary>The list that is held is newer.</summary>
    Older = 8,

    /// <summary>It is genuine and could not be written to the disk.</summary>
    NotSaved = 9,
}

public static class ListFaults
{
    /// <summary>What is wrong with a file that somebody has brought.</summary>
    public static Words Reason(this ListFault fault) => fault switch
    {
        ListFault.TooLarge => new("文件太大，不是名单文件。", "The file is too large to be a file of lists."),
        ListFault.NotAList => new("这不是名单文件。", "This is not a file of lists."),
        ListFault.Damaged => new("名单文件已损坏，内容不完整。", "The file of lists is damaged: not all of it is there."),
        ListFault.NoKeys => new("本终端还没有领到县里的密钥，不能核验名单。", "This terminal has not had the county's keys yet and cannot check lists."),
        ListFault.OtherRegion => new("这是别的县的名单文件。", "This file of lists is another county's."),
        ListFault.SignatureFalse => new("名单文件的签名不对，不是县里签发的，或者被改动过。", "The file's signature is false: the county did not issue it, or it was changed."),
        ListFault.Older => new("这份名单比本机已有的旧。", "These lists are older than those on this machine."),
        ListFault.NotSaved => new("名单没有问题，但本机磁盘写不进去。", "The lists are good, but this machine's disk cannot be written."),
        _ => new("名单用不上。", "The lists do not fit."),
    };

    /// <summary>What the person who brought it does next.</summary>
    public static Words NextStep(this ListFault fault) => fault switch
    {
        ListFault.TooLarge or ListFault.NotAList => new("请选择文件名以 .vlist 结尾的文件。", "Choose the file whose name ends in .vlist."),
        ListFault.Damaged => new("请在门户重新下载，再拷到U盘。", "Download it from the portal again and copy it to the stick."),
        ListFault.NoKeys => new("请先把本终端接上网一次。", "Connect this terminal to the network once."),
        ListFault.OtherRegion => new("请从本县门户下载。", "Download it from this county's portal."),
        ListFault.SignatureFalse => new("请从本县门户重新下载；反复出现请联系县人社局。", "Download it from this county's portal again; if it happens again, call the county."),
        ListFault.Older => new("不用处理；需要更新时请下载最新的一份。", "Nothing to do; for newer lists, download the latest file."),
        ListFault.NotSaved => new("请清理磁盘后再试。", "Free some disk space and try again."),
        _ => new("请重新下载。", "Download it again."),
    };
}
